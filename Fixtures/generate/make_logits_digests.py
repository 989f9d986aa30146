"""Writes golden/logits-sha256.json: digests of logits that must be the same on every machine.

  make build
  python make_logits_digests.py --smollm2 SmolLM2-135M-Instruct.Q4_1.gguf

Runs this project's own program, plain decoding one token a pass, so the file says nothing of whether
logits are right: the goldens of transformers do. It says that they are the same bits as before, and
as elsewhere.
"""

import argparse
import json
import random
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED = 501
TOKENS = 24
REAL_MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
# Models with random weights get random prompts, of these many ids below the vocabulary's size.
RANDOM_MODELS = {
  "tiny-sentencepiece": 40, "tiny-llama3": 40, "tiny-bf16-shards": 40, "tiny-f16": 40,
  "gguf/quantised-q8_0.gguf": 12, "gguf/quantised-q4_1.gguf": 12, "gguf/quantised-k.gguf": 12,
}
# Models whose products are computed in integers too.
INTEGER_MODELS = [
  "gguf/quantised-q8_0.gguf", "gguf/quantised-q4_0.gguf", "gguf/quantised-q4_1.gguf",
  "gguf/quantised-q5_0.gguf", "gguf/quantised-q5_1.gguf", "gguf/quantised-k.gguf",
  "gguf/quantised-small.gguf",
]


def prompts_of(golden: str, names: list[str]) -> list[list[int]]:
  prompts = json.loads((ROOT / "golden" / golden).read_text())["prompts"]
  ids = {prompt["name"]: prompt["prompt_ids"] for prompt in prompts}
  return [ids[name] for name in names]


def digest(program: str, path: str, matmul: str, prompt: list[int]) -> dict:
  command = [
    program, "generate", "--model", path, "--prompt-ids", ",".join(map(str, prompt)),
    "--matmul", matmul, "--decoding", "autoregressive", "--ignore-eos", "-n", str(TOKENS), "--json",
  ]
  report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
  return {key: report[key] for key in ["prompt_ids", "output_ids", "logits_sha256"]}


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("--smollm2", required=True, help="the real model's GGUF file")
  parser.add_argument(
    "--program", default=str(ROOT.parent / ".build/release/lookahead"), help="what make build built")
  arguments = parser.parse_args()
  generator = random.Random(SEED)
  cases = [
    ("tiny-llama", "exact", prompt)
    for prompt in prompts_of("tiny-llama/greedy.json", ["raw-story", "fox", "add"])
  ]
  # Ids below 200 are in the vocabulary of each.
  cases += [
    (name, "exact", [generator.randrange(200) for _ in range(count)])
    for name, count in RANDOM_MODELS.items()
  ]
  cases += [
    (REAL_MODEL, "exact", prompt)
    for prompt in prompts_of("smollm2/greedy-hf.json", ["code", "list"])
  ]
  cases += [
    (name, matmul, [generator.randrange(200) for _ in range(12)])
    for name in INTEGER_MODELS for matmul in ["int16", "int8"]
  ]
  cases += [
    (REAL_MODEL, matmul, prompts_of("smollm2/greedy-hf.json", ["code"])[0])
    for matmul in ["int16", "int8"]
  ]
  goldens = []
  for name, matmul, prompt in cases:
    path = arguments.smollm2 if name == REAL_MODEL else str(ROOT / name)
    goldens.append(
      {"model": name, "matmul": matmul} | digest(arguments.program, path, matmul, prompt))
  text = ",\n".join("  " + json.dumps(golden) for golden in goldens)
  (ROOT / "golden/logits-sha256.json").write_text(f'{{"cases": [\n{text}\n]}}\n')
  print(f"{len(goldens)} digests")


if __name__ == "__main__":
  main()
