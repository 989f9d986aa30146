"""Texts that a model makes of prompts by sampling, kept for later runs."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from model_files import cache_folder, made_once, short_digest
from our_program import Arithmetic, OurProgram

# What texts are made with, whatever is measured on them.
ARITHMETIC = Arithmetic("exact")


@dataclass(frozen=True)
class SampledText:
  prompt: list[int]
  # An end-of-text token is the last, if the text has an end.
  output: list[int]

  @property
  def rows(self) -> range:
    """The rows of a pass over the text whose logits choose the output."""
    return range(len(self.prompt) - 1, len(self.prompt) + len(self.output) - 1)

  @property
  def read(self) -> list[int]:
    """The tokens of such a pass."""
    return self.prompt + self.output[:-1]


@dataclass(frozen=True)
class Sampling:
  temperature: float
  longest: int

  def options(self, seed: int) -> list[str]:
    return ["--temperature", str(self.temperature), "--seed", str(seed)]


def sampled_texts(
  ours: OurProgram, model: Path, prompts: dict[str, dict], sampling: Sampling, tokens: int
) -> list[SampledText]:
  """Texts with together at least so many tokens of output, in the order of the prompts.

  Where the prompts are too few, they are taken again and again with other seeds.
  """
  texts: list[SampledText] = []
  missing = tokens
  for text in endless_texts(ours, model, prompts, sampling):
    texts.append(text)
    missing -= len(text.output)
    if missing <= 0:
      break
  return texts


def endless_texts(
  ours: OurProgram, model: Path, prompts: dict[str, dict], sampling: Sampling
) -> Iterator[SampledText]:
  digest = short_digest(model)
  for seed in count(1):
    for prompt in prompts.values():
      made_from = {"model": digest, "prompt": prompt, "seed": seed} | asdict(sampling)
      name = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]

      def write(path: Path) -> None:
        ids = ours.prompt_ids(model, prompt)
        made = ours.generate_plainly(
          model, ids, sampling.longest, ARITHMETIC, *sampling.options(seed))
        path.write_text(json.dumps({"prompt": ids, "output": made["output_ids"]}))

      path = made_once(cache_folder() / "sampled-texts" / f"{name}.json", write)
      yield SampledText(**json.loads(path.read_text()))


def digest_of(texts: list[SampledText]) -> str:
  """What tells whether two runs measured the same texts."""
  content = json.dumps([asdict(text) for text in texts])
  return hashlib.sha256(content.encode()).hexdigest()[:12]
