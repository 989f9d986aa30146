"""Writes golden/sampling/processors.json: what Hugging Face transformers' processors make of logits.

  python make_sampling_goldens.py [--output ..]

Every case has the logits of one position, the tokens before it, and for each processor, alone, the
logits behind it; null stands for minus infinity. `chain` applies them in this project's order:
repetition penalty, top-k, top-p, min-p, temperature.
"""

import argparse
import json
import math
from pathlib import Path

import torch
import transformers
from transformers.generation import logits_process as hf

SEED = 20260727
VOCABULARY = 40
# The parameters of the cases: repetition penalty, top-k, top-p, min-p, temperature.
PARAMETERS = [
  (1.1, 5, 0.9, 0.1, 0.7), (1.5, 20, 0.5, 0.02, 1.5), (0.8, 1, 0.99, 0.5, 0.2),
  (2.0, 30, 0.05, 0.3, 3.0), (1.3, 39, 0.75, 0.005, 1.0),
]
# No decision of top-p and min-p may be this close to its threshold, where rounding would take it.
LEAST_MARGIN = 2e-6


def margin(row: torch.Tensor, top_p: float, min_p: float) -> float:
  """How close the sums of probabilities come to `top_p`, and a ratio to `min_p`."""
  probabilities = row.double().softmax(-1).sort(descending=True).values
  sums = probabilities.cumsum(-1)
  ratios = probabilities / probabilities[0]
  return min((sums - top_p).abs().min().item(), (ratios - min_p).abs().min().item())


def rows(generator: torch.Generator, case: int) -> torch.Tensor:
  """Logits of ever sharper distributions; every third with forbidden tokens."""
  row = torch.randn(VOCABULARY, generator=generator) * (1 + case)
  if case % 3 == 2:
    row[20:24] = -math.inf
  return row


def listed(row: torch.Tensor) -> list:
  return [None if math.isinf(value) else value for value in row.tolist()]


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  root = parser.parse_args().output
  generator = torch.Generator().manual_seed(SEED)
  cases = []
  for penalty, top_k, top_p, min_p, temperature in PARAMETERS:
    for sharpness in range(3):
      row = rows(generator, sharpness)
      text = torch.randint(VOCABULARY, (30,), generator=generator)
      processors = {
        "repetition_penalty": hf.RepetitionPenaltyLogitsProcessor(penalty),
        "top_k": hf.TopKLogitsWarper(top_k), "top_p": hf.TopPLogitsWarper(top_p),
        "min_p": hf.MinPLogitsWarper(min_p), "temperature": hf.TemperatureLogitsWarper(temperature),
      }
      alone = {
        name: processor(text[None], row[None].clone())[0] for name, processor in processors.items()}
      chain = row[None].clone()
      for processor in processors.values():
        if margin(chain[0], top_p, min_p) < LEAST_MARGIN:
          raise ValueError(f"case {len(cases)} is too close to a threshold; take another seed")
        chain = processor(text[None], chain)
      cases.append({
        "parameters": {
          "repetition_penalty": penalty, "top_k": top_k, "top_p": top_p, "min_p": min_p,
          "temperature": temperature},
        "text": text.tolist(), "logits": listed(row),
        "alone": {name: listed(result) for name, result in alone.items()},
        "chain": listed(chain[0]),
      })
  golden = {
    "description": "Logits processors of Hugging Face transformers, float32; null is minus infinity.",
    "torch": torch.__version__, "transformers": transformers.__version__, "cases": cases,
  }
  text = json.dumps(golden, separators=(",", ":")).replace('{"parameters"', '\n{"parameters"')
  folder = root / "golden" / "sampling"
  folder.mkdir(parents=True, exist_ok=True)
  (folder / "processors.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
  main()
