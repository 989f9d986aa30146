"""Writes the text that the fixture model and its tokenizer are trained on.

  python make_corpus.py [--output corpus.txt]

Every word of it comes from the grammar in the `corpus_*.py` files beside this one; nothing is
downloaded. The same seed gives the same bytes.
"""

import argparse
import random as random_module
import sys

import corpus_pieces as pieces
from corpus_dialogues import dialogue
from corpus_stories import story
from corpus_world import ANIMALS

SEED = 20240517
DOCUMENT_COUNT = 10_000
END_OF_TEXT = "<|endoftext|>"


def plain_document(random) -> str:
  """A text without chat marks."""
  animal = random.choice(ANIMALS)
  choice = random.random()
  if choice < 0.6:
    return story(animal, random)
  if choice < 0.7:
    return pieces.facts(animal)
  if choice < 0.8:
    return pieces.poem(animal)
  if choice < 0.85:
    return pieces.counting(1, random.choice([10, 20]))
  if choice < 0.9:
    return pieces.function_of_two(random.choice(pieces.OPERATIONS))
  return pieces.numbered(random.choice(list(pieces.LISTS.values())))


def documents(seed: int = SEED, count: int = DOCUMENT_COUNT) -> list[str]:
  """`count` documents, three quarters of them dialogues."""
  random = random_module.Random(seed)
  return [
    dialogue(random) if random.random() < 0.75 else plain_document(random) for _ in range(count)
  ]


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("--output", default="-", help="where to write; - is standard output")
  arguments = parser.parse_args()
  text = "".join(document + END_OF_TEXT for document in documents())
  if arguments.output == "-":
    sys.stdout.write(text)
  else:
    with open(arguments.output, "w", encoding="utf-8", newline="\n") as file:
      file.write(text)


if __name__ == "__main__":
  main()
