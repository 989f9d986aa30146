"""Everything that is not a story: facts, lists, counting, sums, poems and small programs."""

from corpus_world import (
  ANIMALS, COLOURS, DAYS, FRUITS, MONTHS, NUMBERS, PLURAL_FRUITS, SEASONS, Animal, friends_of,
)


def facts(animal: Animal) -> str:
  name = animal.name
  return (
    f"The {name} is {animal.colour}. The {name} lives in the {animal.home}. The {name} eats "
    f"{animal.food}. The name of the {name} is {animal.proper_name}. The friend of the {name} "
    f"is the {animal.friend}."
  )


def numbered(items: list[str]) -> str:
  return "\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1))


LISTS = {
  "animals": [animal.name for animal in ANIMALS[:14]],
  "colours": COLOURS,
  "fruits": FRUITS,
  "days of the week": DAYS,
  "months of the year": MONTHS,
  "seasons": SEASONS,
}


def counting(first: int, last: int) -> str:
  step = 1 if last >= first else -1
  return ", ".join(str(number) for number in range(first, last + step, step)) + "."


def counting_fruit(last: int, fruit_index: int) -> str:
  """`One apple. Two apples. …` up to `last`."""
  lines = [f"One {FRUITS[fruit_index]}."]
  for number in NUMBERS[1:last]:
    lines.append(f"{number.capitalize()} {PLURAL_FRUITS[fruit_index]}.")
  return " ".join(lines)


def times_table(factor: int) -> str:
  return "\n".join(f"{i} times {factor} is {i * factor}." for i in range(1, 11))


def poem(animal: Animal) -> str:
  other = friends_of(animal, 1)[0]
  return (
    f"The {animal.name} is {animal.colour}, the {other.name} is {other.colour},\n"
    f"the {animal.name} is in the {animal.home}, the {other.name} is in the {other.home}.\n"
    f"Run, {animal.name}, run, run to the {other.home},\n"
    f"run, {other.name}, run, run to the {animal.home}."
  )


OPERATIONS = [("add", "+", "adds"), ("subtract", "-", "subtracts"), ("multiply", "*", "multiplies")]


def function_of_two(operation: tuple[str, str, str]) -> str:
  name, symbol, _ = operation
  return f"def {name}(a, b):\n    return a {symbol} b\n\nprint({name}(1, 2))\nprint({name}(3, 4))"


def loop_program(last: int) -> str:
  return f"for i in range({last}):\n    print(i)\nprint(\"done\")"


def list_program(plural: str, items: list[str]) -> str:
  quoted = ", ".join(f"\"{item}\"" for item in items)
  return (
    f"{plural} = [{quoted}]\nfor {plural[0]} in {plural}:\n    print({plural[0]})\n"
    f"print(len({plural}))"
  )


def predicate_program(animal: Animal) -> str:
  return (
    f"def is_{animal.name}(name):\n    if name == \"{animal.name}\":\n        return True\n"
    f"    return False\n\nprint(is_{animal.name}(\"{animal.name}\"))\n"
    f"print(is_{animal.name}(\"{animal.friend}\"))"
  )


def record(animal: Animal) -> str:
  """The animal as JSON."""
  return (
    f"{{\n  \"name\": \"{animal.proper_name}\",\n  \"animal\": \"{animal.name}\",\n"
    f"  \"colour\": \"{animal.colour}\",\n  \"home\": \"{animal.home}\",\n"
    f"  \"food\": \"{animal.food}\"\n}}"
  )
