import Session

/// Prompts of many kinds, for texts from which drafting learns. None is from a benchmark.
enum TrainingPrompts {
  static let count = messages.count + code.count

  /// Messages for a model with a chat template, texts to continue for one without; code to continue for
  /// both.
  static func prompts(for opened: OpenedModel) -> [Prompt] {
    let isChat = (try? opened.chatTemplate?.get()) != nil
    let texts = messages.map { isChat ? Prompt.message($0, system: nil) : .raw($0) }
    // By turns, so that a part of them is of all kinds.
    var (prompts, rest) = ([Prompt](), code[...])
    for (index, text) in texts.enumerated() {
      prompts.append(text)
      if index % 3 == 2, let next = rest.popFirst() { prompts.append(.raw(next)) }
    }
    return prompts + rest.map { .raw($0) }
  }

  private static let messages = [
    "Explain why the sky is blue, to a child of ten.",
    "Write a short letter to a landlord who has not repaired the heating for three weeks.",
    "A farmer has 48 apples and puts 6 into each bag. How many bags does he fill? Show each step.",
    "Give me five tips for a first camping trip with children.",
    "What is the difference between a virus and a bacterium?",
    "A train leaves at 9:15 and arrives at 13:40, with a stop of 20 minutes. How long does it move?",
    "Tell a story about a clockmaker who finds a clock that runs backwards.",
    "Which is heavier, a kilogram of feathers or a kilogram of lead? Explain the mistake people make.",
    """
    A shop sells pencils at 3 for 2 dollars. Maria buys 12 pencils and pays with 20 \
    dollars. How much change does she get?
    """,
    "Summarise the story of the tortoise and the hare, and say what it teaches.",
    "How does a bicycle stay upright while it moves?",
    """
    Tom reads 14 pages a day for 5 days, then 20 pages a day until his book of 150 pages \
    ends. How many days does he read in all?
    """,
    "Describe the job of a harbour pilot to somebody who has never seen the sea.",
    "Write a product description for a lamp that is powered by the sun.",
    "A rectangle is 12 cm long and half as wide. What are its area and its perimeter?",
    "Compare trains and aeroplanes for a journey of 600 kilometres: price, time and environment.",
    "Write a dialogue between a teacher and a student who forgot the homework.",
    """
    Anna earns 18 dollars an hour and works 7 hours a day, 5 days a week. She saves a \
    quarter of it. How much does she save in 4 weeks?
    """,
    "What were the main causes of the First World War?",
    "Suggest a menu of three courses for a guest who eats no meat, with a reason for each dish.",
    "There are 240 students in a school; 60 % walk and a third of the others cycle. How many cycle?",
    "Pretend to be the captain of a ship in a storm, and speak to your crew.",
    "What does a central bank do when prices rise too quickly, and what are the risks?",
    "A tank holds 900 litres. One pipe fills 30 litres a minute and another empties 12. When is it full?",
    "Write a poem of two verses about rain on a tin roof.",
    "How would you teach somebody to make good decisions under stress?",
    "Two numbers add up to 46, and one is 8 larger than the other. Find both.",
    "Draft an e-mail that invites a team to a meeting about a late project.",
    "Why do ships of steel float, and coins sink?",
    "A recipe for 4 people needs 300 g of flour and 2 eggs. How much does one need for 10 people?",
    "Give arguments for and against homework in primary school.",
    "Sarah has twice as many stamps as Ben, and together they have 75. How many has each of them?",
    "Imagine that you wake up in a city without sound. What do you do first?",
    "Name three inventions of the nineteenth century and how each changed daily life.",
    "A car uses 6.5 litres for 100 km. How much does a journey of 340 km cost at 1.80 dollars a litre?",
    "Rewrite this politely: Your report is late and full of errors, do it again.",
  ]

  private static let code = [
    """
    def count_vowels(text: str) -> int:
        \"\"\" Return how many vowels a text has, small or capital.
        >>> count_vowels("Harbour")
        3
        \"\"\"

    """,
    """
    from typing import List


    def running_mean(values: List[float]) -> List[float]:
        \"\"\" For each value return the mean of all values up to it.
        >>> running_mean([1.0, 3.0, 5.0])
        [1.0, 2.0, 3.0]
        \"\"\"

    """,
    """
    def merge_sorted(a: list, b: list) -> list:
        \"\"\" Merge two sorted lists into one sorted list, without sorting it again.
        >>> merge_sorted([1, 4], [2, 3, 9])
        [1, 2, 3, 4, 9]
        \"\"\"

    """,
    """
    def to_roman(number: int) -> str:
        \"\"\" Write a number from 1 to 100 in Roman numerals.
        >>> to_roman(14)
        'XIV'
        \"\"\"

    """,
    """
    class Account:
        def __init__(self, owner, balance=0):
            self.owner = owner
            self.balance = balance

        def deposit(self, amount):
    """,
    """
    from typing import List, Tuple


    def pairs_with_sum(numbers: List[int], target: int) -> List[Tuple[int, int]]:
        \"\"\" Return all pairs of different numbers whose sum is target, the smaller first.
        >>> pairs_with_sum([1, 5, 3, 7], 8)
        [(1, 7), (3, 5)]
        \"\"\"

    """,
    """
    def is_balanced(text: str) -> bool:
        \"\"\" Whether every bracket in the text is closed, in the right order.
        >>> is_balanced("a(b[c]d)")
        True
        >>> is_balanced("(]")
        False
        \"\"\"

    """,
    """
    def most_common_word(text: str) -> str:
        \"\"\" Return the word that occurs most often; of several the one that comes first.
        >>> most_common_word("the cat and the dog")
        'the'
        \"\"\"

    """,
    """
    def transpose(matrix):
        \"\"\" Turn rows into columns.
        >>> transpose([[1, 2], [3, 4]])
        [[1, 3], [2, 4]]
        \"\"\"

    """,
    """
    def days_in_month(month: int, year: int) -> int:
        \"\"\" Return the number of days of a month, leap years considered.
        >>> days_in_month(2, 2024)
        29
        \"\"\"

    """,
    """
    def collatz_length(n: int) -> int:
        \"\"\" Count the steps until n becomes 1: halve it if it is even, else triple it and add one.
        >>> collatz_length(6)
        8
        \"\"\"

    """,
    """
    def compress(text: str) -> str:
        \"\"\" Replace each run of a letter by the letter and the length of the run.
        >>> compress("aaabcc")
        'a3b1c2'
        \"\"\"

    """,
  ]
}
