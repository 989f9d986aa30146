#!/usr/bin/env python3
"""What our arithmetics in integers cost in quality: how far each is from the exact one.

  python3 Benchmarks/peers/arithmetic_quality.py
  python3 Benchmarks/peers/arithmetic_quality.py --formats Q4_K_M --matmul int8 --tokens 1000

The model makes texts of our prompts, by sampling, with one file of it and in the exact arithmetic;
they are kept in the user's cache folder. Then each file and arithmetic reads all of them, and the
logits of the rows that choose a token of a text, not of its prompt, are compared.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from models import find_model
from our_program import Arithmetic, Failure, OurProgram
from prompts import ROOT, read_prompts
from quality_figures import (
  MEAN_KL, PERPLEXITY, SAME_TOKEN, Places, Quality, joined, places, quality)
from sampled_texts import SampledText, Sampling, digest_of, sampled_texts

PROMPTS = Path(__file__).with_name("quality_prompts.jsonl")
EXACT = Arithmetic("exact")


def parse_arguments() -> argparse.Namespace:
  parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
  parser.add_argument("--model", default="smollm2", help="smollm2 or a GGUF file; it makes texts")
  parser.add_argument("--formats", nargs="+", default=["Q4_0", "Q4_1", "Q4_K_M", "Q8_0"])
  parser.add_argument("--matmul", nargs="+", default=["int16", "int8"], help="against exact")
  parser.add_argument("--tokens", type=int, default=20_000, help="of all texts, at least")
  parser.add_argument("--longest", type=int, default=400, help="tokens of a text at the most")
  parser.add_argument("--temperature", type=float, default=0.8, help="of the texts")
  parser.add_argument("--prompts", default=str(PROMPTS))
  parser.add_argument("--threads", type=int, default=2)
  parser.add_argument("--binary", default=str(ROOT / ".build/release/lookahead"))
  parser.add_argument("--json", action="store_true", help="write one JSON object, no table")
  return parser.parse_args()


def logits(
  ours: OurProgram, model: Path, text: SampledText, arithmetic: Arithmetic
) -> np.ndarray:
  """Those that choose the tokens of a text, one row each."""
  rows = ",".join(map(str, text.rows))
  with tempfile.TemporaryDirectory() as folder:
    trace = Path(folder) / "trace"
    ours.forward(model, text.read, trace, arithmetic, "--logit-rows", rows)
    return load_file(trace / "pass-00000.safetensors")["logits"]


def measure(
  ours: OurProgram, model: Path, texts: list[SampledText], matmuls: list[str]
) -> dict[str, Quality]:
  """What each arithmetic costs with one file."""
  found: dict[str, list[Places]] = {matmul: [] for matmul in matmuls}
  for text in texts:
    exact = logits(ours, model, text, EXACT)
    others = [logits(ours, model, text, Arithmetic(matmul)) for matmul in matmuls]
    for parts, part in zip(found.values(), places(exact, others, text.output)):
      parts.append(part)
  return {matmul: quality(joined(parts)) for matmul, parts in found.items()}


def compare(arguments: argparse.Namespace) -> dict:
  model = find_model(arguments.model)
  ours = OurProgram(Path(arguments.binary), arguments.threads, weights=None)
  texts = sampled_texts(
    ours, model.given, read_prompts(Path(arguments.prompts), None),
    Sampling(arguments.temperature, arguments.longest), arguments.tokens)
  formats = {}
  for format in arguments.formats:
    print(f"{format} ...", file=sys.stderr, flush=True)
    found = measure(ours, model.file(format), texts, arguments.matmul)
    formats[format] = {
      matmul: asdict(costs) | {"is_good_enough": costs.is_good_enough}
      for matmul, costs in found.items()
    }
  return {
    "model": model.name, "texts": len(texts), "texts_sha256": digest_of(texts),
    "texts_format": model.given_format, "places": sum(len(text.output) for text in texts),
    "formats": formats,
  }


COLUMNS = [
  "file", "arithmetic", "mean KL", "largest KL", "perplexity exact", "perplexity", "change",
  "same token", "largest difference of a log-probability", "of a logit", "good enough",
]


def table(result: dict) -> str:
  """The figures in Markdown."""
  rows = [COLUMNS, ["---"] * len(COLUMNS)]
  rows += [
    [format, matmul, *cells(found)]
    for format, arithmetics in result["formats"].items() for matmul, found in arithmetics.items()
  ]
  lines = ["| " + " | ".join(row) + " |" for row in rows]
  return "\n".join([
    f"{result['model']}, {result['places']} places of {result['texts']} texts"
    f" ({result['texts_sha256']}) that its {result['texts_format']} file made; KL in nats.", "",
    *lines, "",
    f"Good enough: mean KL below {MEAN_KL:g}, perplexity within {PERPLEXITY:.2%}, the same most"
    f" probable token in at least {SAME_TOKEN:.1%} of places.",
  ])


def cells(found: dict) -> list[str]:
  return [
    f"{found['mean_kl']:.2e}", f"{found['largest_kl']:.2e}",
    f"{found['exact_perplexity']:.4f}", f"{found['perplexity']:.4f}",
    f"{found['perplexity_change']:+.4%} ± {found['perplexity_change_error']:.4%}",
    f"{found['same_token']:.3%}",
    f"{found['largest_log_probability_difference']:.4f}",
    f"{found['largest_logit_difference']:.4f}",
    "yes" if found["is_good_enough"] else "no",
  ]


def main() -> None:
  arguments = parse_arguments()
  try:
    result = compare(arguments)
  except (Failure, OSError, RuntimeError, ValueError) as failure:
    sys.exit(f"arithmetic_quality: {failure}")
  print(json.dumps(result) if arguments.json else table(result))


if __name__ == "__main__":
  main()
