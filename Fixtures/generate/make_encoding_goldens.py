"""Rows of numbers in the formats that `ElementFormat.encode` writes, as gguf-py's quantisers write them.

  python make_encoding_goldens.py

Writes golden/gguf/encoded-rows.json: rows, and for each format the bytes in hexadecimal. Among the rows are
zeros, equal numbers, tiny ones and outliers.
"""

import json
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Format
from gguf import quants

TARGET = Path(__file__).resolve().parent.parent / "golden" / "gguf" / "encoded-rows.json"
FORMATS = [Format.F16, Format.BF16, Format.Q8_0, Format.Q4_0, Format.Q4_1]
SEED = 83


def rows(generator: np.random.Generator) -> list[np.ndarray]:
  normal = generator.standard_normal
  found = [
    np.zeros(64), np.full(64, -2.5), np.linspace(-3, 5, 64), np.linspace(0.25, 8, 64),
    normal(64) * 1e-3, normal(64) * 1e-7,
    np.where(generator.random(64) < 0.1, normal(64) * 50, normal(64)),
  ]
  return [row.astype(np.float32) for row in found + [normal(64) for _ in range(20)]]


def main() -> None:
  entries = []
  for row in rows(np.random.default_rng(SEED)):
    entry = {"row": [float(x) for x in row]}
    for format in FORMATS:
      entry[format.name] = np.asarray(quants.quantize(row[None], format)).tobytes().hex()
    entries.append(json.dumps(entry, separators=(",", ":")))
  TARGET.write_text("[\n" + ",\n".join(entries) + "\n]\n")


if __name__ == "__main__":
  main()
