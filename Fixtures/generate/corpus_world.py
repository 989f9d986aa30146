"""The small world that every text of the fixture corpus is about: who lives in it, and where.

An animal's colour, home, food and friend never change, so that a model can learn them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Animal:
  """One inhabitant. `friend` is the animal it meets first in every story."""

  name: str
  colour: str
  home: str
  food: str
  friend: str
  proper_name: str

  @property
  def indefinite(self) -> str:
    return with_article(self.name)


def with_article(noun: str) -> str:
  return ("an " if noun[0] in "aeiou" else "a ") + noun


def capitalised(sentence: str) -> str:
  return sentence[0].upper() + sentence[1:]


_ROWS = """
fox     red     forest   berries  frog    Ruby
frog    green   pond     flies    duck    Fred
duck    white   river    bread    owl     Dora
owl     grey    tower    mice     bear    Oscar
bear    brown   cave     honey    bee     Bruno
bee     yellow  garden   nectar   ant     Bella
ant     black   nest     crumbs   cat     Andy
cat     orange  house    fish     dog     Clara
dog     golden  farm     bones    hen     Max
hen     white   barn     corn     goat    Hetty
goat    grey    valley   grass    horse   Gus
horse   brown   field    oats     mouse   Hugo
mouse   grey    kitchen  cheese   rabbit  Mia
rabbit  white   meadow   carrots  fox     Rosie
dragon  green   castle   toast    king    Drago
king    tall    palace   cake     wolf    Leo
wolf    black   wood     meat     lion    Wanda
lion    golden  desert   pie      pig     Rex
pig     pink    yard     apples   cow     Penny
cow     brown   stable   clover   robot   Molly
robot   silver  city     oil      girl    Robbie
girl    young   village  soup     boy     Anna
boy     young   school   rice     whale   Tom
whale   blue    sea      salt     crab    Wally
crab    red     beach    seaweed  snake   Chris
snake   green   jungle   eggs     tiger   Sam
tiger   orange  camp     pasta    dragon  Tina
"""

ANIMALS = [Animal(*row.split()) for row in _ROWS.strip().splitlines()]
BY_NAME = {animal.name: animal for animal in ANIMALS}

THINGS = ["hat", "ball", "key", "lamp", "drum", "bell", "kite"]
HIDING_PLACES = ["under the bed", "behind the door", "in the old box", "on the high shelf"]
FRUITS = ["apple", "pear", "plum", "cherry", "peach", "lemon"]
PLURAL_FRUITS = ["apples", "pears", "plums", "cherries", "peaches", "lemons"]
COLOURS = ["red", "green", "blue", "yellow", "white", "black"]
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September",
  "October", "November", "December",
]
SEASONS = ["spring", "summer", "autumn", "winter"]


def usual(index: int, options: list, random, constancy: float = 0.8):
  """`options[index]` with probability `constancy`, otherwise any of them.

  A usual choice keeps the greedy text of the trained model away from coin tosses.
  """
  if random.random() < constancy:
    return options[index % len(options)]
  return random.choice(options)


def friends_of(animal: Animal, count: int) -> list[Animal]:
  """The animals met one after another: the friend, the friend's friend, and so on."""
  met = []
  current = animal
  for _ in range(count):
    current = BY_NAME[current.friend]
    met.append(current)
  return met
