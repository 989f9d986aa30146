#!/usr/bin/env python3
"""How far our logits are from llama.cpp's, for the same file and tokens, in our arithmetics.

  python3 Benchmarks/peers/logit_agreement.py --formats Q4_0 Q8_0 --matmul exact int8
  python3 Benchmarks/peers/logit_agreement.py --text prose.txt --token-limit 600

llama.cpp multiplies stored weights by activations that it rounds to 8 bits. Otherwise it computes
here in float32: float32 cache, no flash attention. So what is left of the difference, where ours
rounds in the same way, is the order of additions. All rows of all texts count. The ratios are those
to the first arithmetic given: below 1, the other is nearer to llama.cpp.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from llama_cpp_peer import LlamaCpp
from logit_difference import LogitDifference, difference
from models import find_model
from our_program import Arithmetic, Failure, OurProgram
from prompts import ROOT, USUAL_PROMPTS, read_prompts


def parse_arguments() -> argparse.Namespace:
  parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
  parser.add_argument("--model", default="smollm2", help="smollm2, 1b or a GGUF file")
  parser.add_argument("--formats", nargs="+", help="default: the given file's own")
  parser.add_argument("--matmul", nargs="+", default=["exact", "int8"], help="our arithmetics")
  parser.add_argument("--kv-cache", help="handed on to lookahead")
  texts = parser.add_mutually_exclusive_group()
  texts.add_argument("--prompts", default=str(USUAL_PROMPTS), help="a file, each prompt a text")
  texts.add_argument("--text", help="a file with one text")
  texts.add_argument("--ids", help="token ids, such as 1,2,3")
  parser.add_argument("--prompt-limit", type=int, help="take only so many prompts")
  parser.add_argument("--token-limit", type=int, default=600, help="of each text")
  parser.add_argument("--threads", type=int, default=2)
  parser.add_argument("--binary", default=str(ROOT / ".build/release/lookahead"))
  parser.add_argument("--json", action="store_true", help="write one JSON object, no table")
  return parser.parse_args()


def token_ids(arguments: argparse.Namespace, ours: OurProgram, model: Path) -> list[list[int]]:
  """The texts, none longer than the limit."""
  if arguments.ids:
    try:
      texts = [[int(part) for part in arguments.ids.split(",")]]
    except ValueError:
      raise Failure(f"{arguments.ids} are not token ids.") from None
  elif arguments.text:
    text = Path(arguments.text).read_text(encoding="utf-8")
    texts = [ours.prompt_ids(model, {"chat": False, "prompt": text})]
  else:
    prompts = read_prompts(Path(arguments.prompts), arguments.prompt_limit)
    texts = [ours.prompt_ids(model, prompt) for prompt in prompts.values()]
  return [text[:arguments.token_limit] for text in texts]


def our_logits(
  ours: OurProgram, model: Path, texts: list[list[int]], arithmetic: Arithmetic
) -> np.ndarray:
  """The logits of all rows of all texts."""
  parts = []
  with tempfile.TemporaryDirectory() as folder:
    for index, text in enumerate(texts):
      trace = Path(folder) / str(index)
      ours.forward(model, text, trace, arithmetic)
      parts.append(load_file(trace / "pass-00000.safetensors")["logits"])
  return np.concatenate(parts)


def peer_logits(model: Path, texts: list[list[int]], threads: int) -> np.ndarray:
  longest = max(map(len, texts))
  with LlamaCpp(model, threads, longest + 1, float32_cache=True) as peer:
    return np.concatenate([peer.all_logits(text) for text in texts])


def compare(arguments: argparse.Namespace) -> dict:
  model = find_model(arguments.model)
  ours = OurProgram(Path(arguments.binary), arguments.threads, weights=None)
  texts = token_ids(arguments, ours, model.given)
  formats = {}
  for format in arguments.formats or [model.given_format]:
    file = model.file(format)
    peer = peer_logits(file, texts, arguments.threads)
    differences: dict[str, LogitDifference] = {}
    for matmul in arguments.matmul:
      arithmetic = Arithmetic(matmul, arguments.kv_cache)
      differences[arithmetic.name] = difference(peer, our_logits(ours, file, texts, arithmetic))
    [first, *_] = differences.values()
    formats[format] = {
      name: asdict(found) | {"ratios": found.ratios(first)} for name, found in differences.items()
    }
  return {"model": model.name, "rows": sum(map(len, texts)), "formats": formats}


def text(result: dict) -> str:
  lines = [
    f"{result['model']}, {result['rows']} rows; ours against llama.cpp (float32 cache, no flash"
    " attention). KL in nats; in brackets the ratio to the first.",
    f"{'format':<7} {'ours':<8} {'mean difference':>20} {'largest':>19} {'mean KL':>20}"
    f" {'largest KL':>20} {'same token':>10}",
  ]
  for format, differences in result["formats"].items():
    for name, found in differences.items():
      numbers = " ".join(
        f"{found[key]:11.3e} ({ratio:6.4f})" for key, ratio in found["ratios"].items())
      lines.append(f"{format:<7} {name:<8} {numbers} {found['same_token']:10.1%}")
  return "\n".join(lines)


def main() -> None:
  arguments = parse_arguments()
  try:
    result = compare(arguments)
  except (Failure, OSError, RuntimeError, ValueError) as failure:
    sys.exit(f"logit_agreement: {failure}")
  print(json.dumps(result) if arguments.json else text(result))


if __name__ == "__main__":
  main()
