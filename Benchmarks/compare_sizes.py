#!/usr/bin/env python3
"""Speed of lookahead decoding over plain decoding, for several (W, N, G), over a file of prompts.

  make build
  python3 Benchmarks/compare_sizes.py [--prompts Fixtures/prompts.jsonl] [--tokens 96] 3,3,3 5,4,5

Each prompt and size is one run of `lookahead generate --compare`, so the two ways of decoding are
timed one right after the other, and are checked to give the same tokens and logits. Prints, for each
size, the mean and the worst ratio of tokens per second, and the mean of tokens per pass. Prompt
files have one JSON object a line: `chat` (whether to use the chat template) and `prompt`.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def compare(size: str, prompt: dict, arguments: argparse.Namespace) -> tuple[float, float]:
  """The speed-up and the tokens per pass of one run."""
  window, ngram, candidates = size.split(",")
  command = [
    str(ROOT / ".build/release/lookahead"), "generate", "--compare", "--json", "-W", window,
    "-N", ngram, "-G", candidates, "-n", str(arguments.tokens), "-t", str(arguments.threads),
    "-p", prompt["prompt"],
  ]
  if not prompt["chat"]:
    command.append("--raw")
  if arguments.model:
    command += ["-m", arguments.model]
  run = subprocess.run(command, capture_output=True, text=True)
  if run.returncode != 0:
    sys.exit(f"{size}, {prompt.get('id')}: {run.stderr.strip() or 'tokens or logits differ'}")
  result = json.loads(run.stdout)
  return result["compare"]["speedup"], result["tokens_per_pass"]


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
  parser.add_argument("sizes", nargs="+", help="W,N,G")
  parser.add_argument("--prompts", default=str(ROOT / "Fixtures/prompts.jsonl"))
  parser.add_argument("--model", help="a GGUF file or a Hugging Face folder")
  parser.add_argument("--tokens", type=int, default=96)
  parser.add_argument("--threads", type=int, default=2)
  arguments = parser.parse_args()
  lines = Path(arguments.prompts).read_text(encoding="utf-8").splitlines()
  results: dict[str, list[tuple[float, float]]] = {size: [] for size in arguments.sizes}
  for line in lines:
    # All sizes on one prompt before the next, since the machine's speed drifts.
    for size in arguments.sizes:
      results[size].append(compare(size, json.loads(line), arguments))
  print(f"{len(lines)} prompts, {arguments.tokens} tokens each, {arguments.threads} threads")
  print(f"{'W,N,G':>8} {'mean speed-up':>14} {'worst':>6} {'tokens a pass':>14}")
  for size, pairs in results.items():
    ratios, passes = zip(*pairs)
    print(
      f"{size:>8} {statistics.mean(ratios):14.2f} {min(ratios):6.2f} {statistics.mean(passes):14.2f}")


if __name__ == "__main__":
  main()
