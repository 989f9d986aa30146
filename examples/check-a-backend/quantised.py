"""Checks an engine of quantised weights, here llama.cpp: against ours in float32, and in 8 bits.

Both compute the same text of the same file. llama.cpp multiplies quantised weights by activations
that it rounds to 8 bits, and so does `--matmul int8`.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors.numpy

import command
import trace_files
from backend import causal
from checks import joined

FIXTURES = Path(__file__).parents[2] / "Fixtures/gguf"
TEXT = "The harbour of the old town faces north."


@dataclass(frozen=True)
class Compared:
  """Recordings of one text, and the engine's mean difference from each of ours, row by row."""

  exact: Path
  int8: Path
  engine: Path
  from_exact: np.ndarray
  from_int8: np.ndarray

  @property
  def ratio(self) -> float:
    """How much smaller the difference is where ours rounds too, over all rows."""
    return float(self.from_int8.mean() / self.from_exact.mean())

  @property
  def first_ratio(self) -> float:
    """The same of the first row, which sees nothing but itself."""
    return float(self.from_int8[0] / self.from_exact[0])


def compared(model: Path, engine, folder: Path, run=command.shown) -> Compared:
  """`engine` is a backend that shows logits."""
  asked = command.run("tokenize", "--model", model, "-p", TEXT, "--json")
  tokens = json.loads(asked.stdout)["ids"]
  rows = list(range(len(tokens)))
  logits = engine.forward(tokens, rows, causal(0, len(tokens)))["logits"]
  trace_files.write_tensors(folder / "engine.safetensors", {"logits": logits})
  differences = []
  for matmul in ("exact", "int8"):
    run(
      "forward", "--tokens", joined(tokens), "--matmul", matmul, "--model", model, "--out",
      folder / matmul)
    ours = safetensors.numpy.load_file(folder / matmul / "pass-00000.safetensors")["logits"]
    differences.append(np.abs(logits.astype(np.float64) - ours).mean(axis=1))
  return Compared(folder / "exact", folder / "int8", folder / "engine.safetensors", *differences)


def main() -> int:
  parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
  parser.add_argument(
    "--model", type=Path, default=FIXTURES / "quantised-q4_0.gguf",
    help="a quantised GGUF file (default: a fixture of two blocks)")
  model = parser.parse_args().model
  if not model.exists():
    parser.error(f"there is no {model}.")
  from llama_cpp_backend import LlamaCppBackend
  with tempfile.TemporaryDirectory() as folder:
    found = compared(model, LlamaCppBackend(model), Path(folder))
    status = command.shown("compare", found.exact, found.engine)
    status |= command.shown("compare", found.int8, found.engine)
  print(
    f"From exact {found.from_exact.mean():.2g}, from int8 {found.from_int8.mean():.2g} on average: "
    f"{found.ratio:.2g} of it; in the first row {found.first_ratio:.2g}.")
  return status


if __name__ == "__main__":
  sys.exit(main())
