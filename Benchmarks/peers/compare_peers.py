#!/usr/bin/env python3
"""Speed of lookahead over llama.cpp and transformers: same model file, same tokens, same threads.

  make bench-peers
  make bench-peers PEER_OPTIONS="--rounds 1 --prompt-limit 2 --tokens 32"

Versions of the model file in other storage formats are derived from it and kept in the cache
folder. The programs are timed in turn, prompt by prompt and round by round, since a machine's speed drifts.
All continue the token ids of our tokenizer, and make as many tokens as our plain decoding makes.
Prints, for each figure, the ratio of the medians of speed, ours over the peer's: above 1, ours is
faster; and the lowest and the highest ratio of a single prompt.
"""

import argparse
import json
import platform
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from gguf import GGMLQuantizationType as Format

import agreement
from figures import table
from model_files import cache_folder, in_format, storage_format
from our_program import Failure, OurProgram
from rounds import CACHED, DRAFTED, OURS, Rounds

ROOT = Path(__file__).resolve().parents[2]
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
FIGURES = ["plain", "passes", "lookup"]


def say(text: str) -> None:
  print(text, file=sys.stderr, flush=True)


def window_sizes(text: str) -> list[str]:
  """W,N,G as options of `lookahead generate`, which reports invalid numbers."""
  sizes = text.split(",")
  if len(sizes) != 3:
    raise argparse.ArgumentTypeError(f"{text} is not W,N,G")
  return [part for pair in zip(("-W", "-N", "-G"), sizes) for part in pair]


def read_prompts(path: Path) -> dict[str, dict]:
  """The prompts of a file by their ids."""
  prompts = {}
  for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
    try:
      prompt = json.loads(line)
      prompts[prompt["id"]] = {"chat": prompt["chat"], "prompt": prompt["prompt"]}
    except (ValueError, KeyError, TypeError):
      raise Failure(f"Line {number} of {path} is not a prompt with id, chat and prompt.") from None
  return prompts


def parse_arguments() -> argparse.Namespace:
  parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
  parser.add_argument("--model", default=str(cache_folder() / MODEL), help="a GGUF file")
  parser.add_argument("--prompts", default=str(ROOT / "Fixtures/prompts.jsonl"))
  parser.add_argument("--prompt-limit", type=int, help="take only so many prompts")
  parser.add_argument("--tokens", type=int, default=96, help="maximum number for each prompt")
  parser.add_argument("--threads", type=int, default=2)
  parser.add_argument("--rounds", type=int, default=3)
  parser.add_argument("--rows", type=int, nargs="+", default=[1, 16], help="rows of a pass")
  parser.add_argument("--figures", nargs="+", choices=FIGURES, default=FIGURES)
  parser.add_argument("--formats", nargs="+", help="of F32, Q8_0 and the file's own; default all")
  parser.add_argument(
    "--sizes", type=window_sizes, default=[],
    help="W,N,G of our lookahead decoding; default: the command's")
  parser.add_argument("--weights", help="handed on to lookahead as --weights")
  parser.add_argument("--binary", default=str(ROOT / ".build/release/lookahead"))
  parser.add_argument("--json", action="store_true", help="write one JSON object, no table")
  return parser.parse_args()


def cpu_name() -> str:
  information = Path("/proc/cpuinfo")
  lines = information.read_text().splitlines() if information.exists() else []
  names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
  return names[0] if names else platform.processor() or platform.machine()


def compare(arguments: argparse.Namespace) -> dict:
  ours = OurProgram(Path(arguments.binary), arguments.threads, arguments.weights)
  source = Path(arguments.model)
  source_format = storage_format(source)
  models = {"F32": in_format(source, Format.F32), "Q8_0": in_format(source, Format.Q8_0)}
  models[source_format] = source
  formats = arguments.formats or list(models)
  for format in formats:
    if format not in models:
      raise Failure(f"There is no {format} version of {source}, only {', '.join(models)}.")

  prompts = list(read_prompts(Path(arguments.prompts)).items())[:arguments.prompt_limit]
  ids = {name: ours.prompt_ids(source, prompt) for name, prompt in prompts}
  # Once, untimed: the expected tokens, and how many there are before the model ends the text.
  say(f"{len(ids)} prompts, plain decoding of each version of the model ...")
  generated = {
    format: {
      name: ours.generate(model, ids[name], arguments.tokens, "--decoding", "autoregressive")
      for name in ids
    }
    for format, model in models.items()
  }
  longest = max(map(len, ids.values())) + arguments.tokens + max(DRAFTED)
  # A whole number of llama.cpp's blocks of 256, with room for the passes over several rows.
  context = (max(longest, CACHED + max(arguments.rows)) // 256 + 1) * 256
  with_llama_cpp = agreement.compare_with_llama_cpp(
    models["F32"], ids, generated["F32"], arguments.threads, context)
  between_versions = agreement.compare_texts(generated[source_format], generated["F32"])

  rounds = Rounds(ours, models, ids, generated, context, arguments.sizes)
  left_out = []
  figures = list(arguments.figures)
  if "passes" in figures and not ours.has("bench"):
    figures.remove("passes")
    left_out.append("This build of lookahead has no command bench, so no passes were timed.")
    say(left_out[0])
  for number in range(arguments.rounds):
    say(f"round {number + 1} of {arguments.rounds} ...")
    for format in formats:
      if "plain" in figures:
        rounds.plain_decoding(format)
      if "passes" in figures:
        rounds.passes(format, arguments.rows)
      # The fastest and the slowest format to read; the others lie between.
      if "lookup" in figures and format in ("F32", source_format):
        rounds.drafted_decoding(format)
  return {
    "date": date.today().isoformat(), "cpu": cpu_name(), "threads": arguments.threads,
    "rounds": arguments.rounds, "prompts": len(ids), "tokens": arguments.tokens,
    "model": source.name, "format": source_format,
    "versions": {
      name: version(name) for name in ("llama-cpp-python", "torch", "transformers")
    },
    "figures": rounds.tokens.comparisons(OURS) + rounds.rows.comparisons(OURS),
    "agreement": {"llama.cpp": with_llama_cpp, "F32 version": between_versions},
    "left_out": left_out,
  }


def main() -> None:
  arguments = parse_arguments()
  try:
    result = compare(arguments)
  except (Failure, OSError, RuntimeError) as failure:
    sys.exit(f"compare_peers: {failure}")
  if arguments.json:
    print(json.dumps(result))
    return
  versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
  print(f"{result['date']}, {result['cpu']}, {result['threads']} threads; {versions}")
  print(table(result["figures"]))
  agreed = result["agreement"]
  for sentence in agreement.sentences(
    result["format"], agreed["llama.cpp"], agreed["F32 version"]) + result["left_out"]:
    print(sentence)


if __name__ == "__main__":
  main()
