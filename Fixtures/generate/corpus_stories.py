"""Short stories with a refrain: the same few sentences come back with another animal in them."""

from corpus_world import (
  ANIMALS, DAYS, HIDING_PLACES, NUMBERS, PLURAL_FRUITS, THINGS, Animal, capitalised, friends_of,
  usual,
)


def opening(hero: Animal) -> str:
  return (
    f"Once upon a time there was {hero.indefinite}. The {hero.name} was {hero.colour} and lived "
    f"in the {hero.home}."
  )


def lost_thing(hero: Animal, random) -> str:
  """The hero looks for something and asks everyone the same question."""
  index = ANIMALS.index(hero)
  thing = usual(index, THINGS, random)
  paragraphs = [f"{opening(hero)} One morning the {hero.name} could not find the {thing}."]
  for other in friends_of(hero, 4):
    paragraphs.append(
      f"The {hero.name} went to the {other.home} and met the {other.name}. "
      f"\"Have you seen my {thing}?\" asked the {hero.name}. "
      f"\"No,\" said the {other.name}. \"I have not seen your {thing}.\""
    )
  place = usual(index, HIDING_PLACES, random)
  paragraphs.append(
    f"Then the {hero.name} went home to the {hero.home}. The {thing} was {place}. "
    f"The {hero.name} laughed and laughed. The end."
  )
  return "\n\n".join(paragraphs)


def big_turnip(hero: Animal, random) -> str:
  """Everyone pulls; every round repeats the line of pullers and adds one."""
  pullers = [hero]
  paragraphs = [
    f"{opening(hero)} One day the {hero.name} found a big turnip. "
    f"The {hero.name} pulled and pulled, but the turnip did not move."
  ]
  for other in friends_of(hero, 4):
    pullers.append(other)
    line = ", ".join(
      f"the {behind.name} pulled the {front.name}"
      for behind, front in reversed(list(zip(pullers[1:], pullers)))
    )
    moved = "and the turnip came out" if len(pullers) == 5 else "but the turnip did not move"
    paragraphs.append(
      f"So the {hero.name} called the {other.name}. {capitalised(line)}, and the {hero.name} "
      f"pulled the turnip. They pulled and pulled, {moved}."
    )
  paragraphs.append("Then they all ate soup and were happy. The end.")
  return "\n\n".join(paragraphs)


def hungry_week(hero: Animal, random) -> str:
  """One more piece of fruit every day."""
  first = usual(ANIMALS.index(hero), list(range(len(PLURAL_FRUITS))), random)
  paragraphs = [f"{opening(hero)} The {hero.name} was very hungry."]
  for number, day in zip(NUMBERS[1:], DAYS):
    fruit = PLURAL_FRUITS[(first + DAYS.index(day)) % len(PLURAL_FRUITS)]
    ending = (
      f"and the {hero.name} was not hungry any more" if day == DAYS[-1]
      else f"but the {hero.name} was still hungry"
    )
    paragraphs.append(f"On {day} the {hero.name} ate {number} {fruit}, {ending}.")
  paragraphs.append(f"Then the {hero.name} slept in the {hero.home} all day long. The end.")
  return "\n\n".join(paragraphs)


def shared_meal(hero: Animal, random) -> str:
  """Guests arrive one by one and each brings its own food."""
  paragraphs = [f"{opening(hero)} One evening the {hero.name} made a big pot of soup."]
  for other in friends_of(hero, 4):
    paragraphs.append(
      f"Knock, knock, knock. \"Who is there?\" asked the {hero.name}. \"It is me, the "
      f"{other.name}. I have {other.food} for the soup.\" \"Come in, come in,\" said the "
      f"{hero.name}, and the {other.name} came in."
    )
  paragraphs.append("They all ate the soup, and it was very good. The end.")
  return "\n\n".join(paragraphs)


def good_night(hero: Animal, random) -> str:
  """A walk through the evening that says good night to everyone."""
  paragraphs = [f"{opening(hero)} The sun went down and the {hero.name} walked home."]
  for other in friends_of(hero, 5):
    paragraphs.append(
      f"The {hero.name} walked past the {other.home}. \"Good night, {other.name},\" said the "
      f"{hero.name}. \"Good night, {hero.name},\" said the {other.name}. \"Sleep well.\""
    )
  paragraphs.append(
    f"At last the {hero.name} came to the {hero.home}. \"Good night, moon,\" said the "
    f"{hero.name}, and closed both eyes. The end."
  )
  return "\n\n".join(paragraphs)


PLOTS = [lost_thing, big_turnip, hungry_week, shared_meal, good_night]


def story(hero: Animal, random) -> str:
  """A story about `hero`: usually the hero's own plot, sometimes another."""
  return usual(ANIMALS.index(hero), PLOTS, random)(hero, random)
