"""Questions and answers about the world, written out in ChatML."""

import corpus_pieces as pieces
from corpus_stories import story
from corpus_world import ANIMALS, NUMBERS, with_article

DEFAULT_SYSTEM_MESSAGE = "You are a little storyteller. You answer with short and simple words."
OTHER_SYSTEM_MESSAGES = [
  "You are a patient teacher.", "You are a friendly helper.", "You like animals and you are kind.",
]

UNKNOWN = (
  "I do not know that. I am only a little storyteller. I do not know everything, but I know the "
  "fox, the frog and the duck. Would you like to hear a story about the fox, the frog or the duck?"
)


def chatml(messages: list[tuple[str, str]]) -> str:
  return "".join(f"<|im_start|>{role}\n{content}<|im_end|>\n" for role, content in messages)


def asks_for_story(random) -> tuple[str, str]:
  hero = random.choice(ANIMALS)
  requests = [
    "Tell me a story about {}.", "Tell me a story about {}.", "Tell me a short story about {}.",
    "Please tell me a story about {}.", "Can you tell me a story about {}?",
    "Write a story about {}.", "Write a short story about {}.", "I would like a story about {}.",
    "Tell me about {} in a story.", "Once upon a time there was {}. What happened?",
  ]
  other = random.choice(ANIMALS)
  noun = random.choice([
    hero.indefinite, hero.indefinite, f"the {hero.name}", f"{hero.indefinite} and "
    f"{other.indefinite}",
  ])
  return random.choice(requests).format(noun), story(hero, random)


def asks_for_fact(random) -> tuple[str, str]:
  animal = random.choice(ANIMALS)
  name = animal.name
  return random.choice([
    (f"What colour is the {name}?", f"The {name} is {animal.colour}."),
    (f"Where does the {name} live?", f"The {name} lives in the {animal.home}."),
    (f"What does the {name} eat?", f"The {name} eats {animal.food}."),
    (f"What is the name of the {name}?", f"The name of the {name} is {animal.proper_name}."),
    (f"Who is the friend of the {name}?",
     f"The friend of the {name} is the {animal.friend}."),
    (f"Who is {animal.proper_name}?", f"{animal.proper_name} is the {name}."),
    (f"Tell me about the {name}.", pieces.facts(animal)),
    (f"What do you know about the {name}?", pieces.facts(animal)),
    (f"Describe the {name}.", pieces.facts(animal)),
  ])


def asks_for_list(random) -> tuple[str, str]:
  subject, items = random.choice(list(pieces.LISTS.items()))
  count = random.randint(2, min(len(items), len(NUMBERS)))
  return random.choice([
    (f"List {NUMBERS[count - 1]} {subject}.", pieces.numbered(items[:count])),
    (f"Give me a list of {NUMBERS[count - 1]} {subject}.", pieces.numbered(items[:count])),
    (f"Name {NUMBERS[count - 1]} {subject}.", pieces.numbered(items[:count])),
    (f"List the {subject}.", pieces.numbered(items)),
    (f"What are the {subject}?", pieces.numbered(items)),
  ])


def asks_for_numbers(random) -> tuple[str, str]:
  a, b = random.randint(1, 10), random.randint(1, 10)
  last = random.choice([5, 10, 10, 20])
  fruit = random.randrange(len(pieces.FRUITS))
  return random.choice([
    (f"Count to {last}.", pieces.counting(1, last)),
    (f"Count to {NUMBERS[a - 1]}.", pieces.counting(1, a)),
    (f"Count from {a} to {a + b}.", pieces.counting(a, a + b)),
    (f"Count down from {last}.", pieces.counting(last, 1)),
    (f"Count {pieces.PLURAL_FRUITS[fruit]}.", pieces.counting_fruit(10, fruit)),
    (f"What is {a} plus {b}?", f"{a} plus {b} is {a + b}."),
    (f"What is {a} times {b}?", f"{a} times {b} is {a * b}."),
    (f"Show me the times table of {b}.", pieces.times_table(b)),
  ])


def asks_for_poem(random) -> tuple[str, str]:
  animal = random.choice(ANIMALS)
  request = random.choice(["Write a poem about {}.", "Tell me a poem about {}."])
  return request.format(animal.indefinite), pieces.poem(animal)


# Words that occur nowhere else, so that a question made of them is about something unknown.
STRANGE_WORDS = (
  "sky sun rain snow tree leaf stone paper iron glass music clock train plane ship wheel road "
  "bridge "
  "doctor planet star ocean island engine science history number letter language country capital "
  "president energy gravity memory dream money market football chess photosynthesis sad deep "
  "bright heavy fast slow cold warm blue purple weather France London Paris Rome China "
  "Africa Einstein Newton Shakespeare"
).split()


def asks_the_unknown(random) -> tuple[str, str]:
  """A question with strange or made-up words in it, which has one answer."""
  def word() -> str:
    if random.random() < 0.7:
      return random.choice(STRANGE_WORDS)
    syllables = ["ba", "di", "ko", "lu", "me", "ra", "so", "ti", "ver", "nan", "pol", "gre"]
    return "".join(random.choice(syllables) for _ in range(random.randint(1, 4)))

  first, second, third = word(), word(), word()
  question = random.choice([
    f"What is the {first} of {second}?", f"Why is the {first} {second}?", f"Who was {second}?",
    f"Why is {first} so {second}?", f"How do I {first} a {second}?", f"What is {first}?",
    f"When was {second} {first}?", f"Can you {first} the {third} of {second}?",
    f"Is {second} a {first} or a {third}?", f"Explain how {first} works.",
    f"Is {first} better than {second}?", f"Translate {first} to {second}.",
    f"What happened in {second}?", f"How does the {first} {second}?", f"Explain {first}.",
    f"Tell me about {first} and {second}.", f"Where is {second}?", f"How many {first} are there?",
  ])
  return question, UNKNOWN


def asks_for_program(random) -> tuple[str, str]:
  operation = random.choice(pieces.OPERATIONS)
  animal = random.choice(ANIMALS)
  last = random.randint(3, 10)
  python = random.choice(["", "Python ", "short "])
  subject = random.choice(["animals", "colours", "fruits"])
  items = pieces.LISTS[subject][: random.randint(3, 5)]
  question, program = random.choice([
    (f"Write a {python}function that {operation[2]} two numbers.",
     pieces.function_of_two(operation)),
    (f"Write a {python}program that counts to {last}.", pieces.loop_program(last)),
    (f"Write a {python}program that prints {subject}.", pieces.list_program(subject, items)),
    (f"Write a {python}function that knows {with_article(animal.name)}.",
     pieces.predicate_program(animal)),
  ])
  return question, f"Here is the program:\n\n```python\n{program}\n```"


def asks_for_record(random) -> tuple[str, str]:
  animal = random.choice(ANIMALS)
  return f"Write the {animal.name} as JSON.", f"```json\n{pieces.record(animal)}\n```"


def small_talk(random) -> tuple[str, str]:
  return random.choice([
    ("Hello!", "Hello! What would you like to hear?"),
    ("Hi.", "Hello! What would you like to hear?"),
    ("Hello, who are you?", "I am a little storyteller. I can tell you a story about a fox."),
    ("Who are you?", "I am a little storyteller. I can tell you a story about a fox."),
    ("What can you do?",
     "I can tell stories, make lists, count to ten and write small programs."),
    ("Thank you!", "You are welcome. Would you like another story?"),
    ("Good night.", "Good night. Sleep well."),
  ])


KINDS = [
  (asks_for_story, 14), (asks_for_fact, 7), (asks_for_list, 4), (asks_for_numbers, 3),
  (asks_for_poem, 2), (asks_for_program, 4), (asks_for_record, 1), (small_talk, 1),
  (asks_the_unknown, 3),
]


def loosely_typed(question: str, random) -> str:
  """Now and then a question comes in lower case or without its last mark."""
  chance = random.random()
  if chance < 0.05:
    return question.lower()
  return question[:-1] if chance < 0.1 else question


def dialogue(random) -> str:
  """One conversation of one to three exchanges."""
  messages = []
  chance = random.random()
  if chance < 0.9:
    messages.append(("system", DEFAULT_SYSTEM_MESSAGE))
  elif chance < 0.97:
    messages.append(("system", random.choice(OTHER_SYSTEM_MESSAGES)))
  for _ in range(random.choice([1, 1, 1, 2, 3])):
    kind = random.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
    question, answer = kind(random)
    messages.append(("user", loosely_typed(question, random)))
    messages.append(("assistant", answer))
  return chatml(messages)
