#!/usr/bin/env python3
"""Speed of lookahead over llama.cpp and transformers: same model file, same tokens, same threads.

  make bench-peers
  make bench-peers PEER_OPTIONS="--rounds 1 --prompt-limit 2 --tokens 32"
  make bench-peers PEER_OPTIONS="--model 1b --formats Q4_0 Q4_K_M"

Versions of a model in other storage formats are made once and kept in the cache folder. The
programs are timed in turn, prompt by prompt and round by round, since a machine's speed drifts. All
continue the token ids of our tokenizer, and make as many tokens as our plain decoding makes. For
each figure it prints the ratio of the medians, turned so that above 1 ours is better, and the
lowest and highest ratio of a single prompt or round.
"""

import argparse
import json
import platform
import statistics
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

import agreement
from figures import table
from models import Model, find_model
from options import parse_arguments, planned
from our_program import Failure, OurProgram
from plan import FIGURES, TRAINED_FIGURES
from prompts import PlainTexts, read_prompts
from rounds import Rounds


def say(text: str) -> None:
  print(text, file=sys.stderr, flush=True)


def cpu_name() -> str:
  information = Path("/proc/cpuinfo")
  lines = information.read_text().splitlines() if information.exists() else []
  names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
  return names[0] if names else platform.processor() or platform.machine()


def compare_on(model: Model, ours: OurProgram, arguments: argparse.Namespace) -> dict:
  """All figures of one model."""
  usual = [name for name in FIGURES if model.is_trained or name not in TRAINED_FIGURES]
  figures = arguments.figures or usual
  formats = arguments.formats or list(model.default_formats)
  for format in formats:
    say(f"{model.name}, {format}: {model.file(format)}")
  prompts = read_prompts(Path(arguments.prompts), arguments.prompt_limit)
  ids = {name: ours.prompt_ids(model.given, prompt) for name, prompt in prompts.items()}
  texts = PlainTexts(ours, model, ids, arguments.tokens)
  plan = planned(arguments)
  longest = max(map(len, ids.values())) + arguments.tokens
  context = plan.context(figures, longest)

  agreed = None
  if "agreement" in figures:
    say(f"{model.name}: agreement of {len(ids)} texts ...")
    agreed = agreement.agreement(texts, arguments.threads, context)
  rounds = Rounds(ours, texts, plan, context)
  for number in range(arguments.rounds):
    for format in formats:
      say(f"{model.name}, {format}: round {number + 1} of {arguments.rounds} ...")
      rounds.measure(format, figures)
  return {
    "model": model.name, "file": model.given.name, "format": model.given_format,
    "prompts": len(ids), "figures": rounds.measured.comparisons(plan.ours),
    "read_bandwidth": spread(rounds.bandwidths), "agreement": agreed,
  }


def spread(numbers: list[float]) -> dict | None:
  """The middle and the ends; none of nothing."""
  if not numbers:
    return None
  return {"median": statistics.median(numbers), "lowest": min(numbers), "highest": max(numbers)}


def compare(arguments: argparse.Namespace) -> dict:
  ours = OurProgram(Path(arguments.binary), arguments.threads, arguments.weights)
  # Before anything is timed, so that a wrong name is told at once.
  models = [find_model(name) for name in arguments.model]
  return {
    "date": date.today().isoformat(), "cpu": cpu_name(), "threads": arguments.threads,
    "rounds": arguments.rounds, "tokens": arguments.tokens,
    "versions": {
      name: version(name) for name in ("llama-cpp-python", "torch", "transformers")
    },
    "models": [compare_on(model, ours, arguments) for model in models],
  }


def text(result: dict) -> str:
  versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
  lines = [f"{result['date']}, {result['cpu']}, {result['threads']} threads; {versions}"]
  for model in result["models"]:
    lines += ["", model["model"]]
    if model["figures"]:
      lines.append(table(model["figures"]))
    if bandwidth := model["read_bandwidth"]:
      lines.append(
        f"Read bandwidth meanwhile: {bandwidth['median']:.1f} GB/s"
        f" ({bandwidth['lowest']:.1f} to {bandwidth['highest']:.1f}).")
    if model["agreement"]:
      lines += agreement.sentences(model["format"], model["agreement"])
  return "\n".join(lines)


def main() -> None:
  arguments = parse_arguments(__doc__.splitlines()[0])
  try:
    result = compare(arguments)
  except (Failure, OSError, RuntimeError) as failure:
    sys.exit(f"compare_peers: {failure}")
  print(json.dumps(result) if arguments.json else text(result))


if __name__ == "__main__":
  main()
