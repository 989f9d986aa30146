"""Writes golden/rotary.json: rotary frequencies and their cosines and sines, with mpmath.

The definition, each step rounded to nearest once:
  frequency  binary64 of base^(-2i / head_dim), then scaled in binary64 as config.json says
  angle      binary64 of position * frequency
  values     binary32 of cos(angle) and of sin(angle)
"""

import hashlib
import json
import math
import random
import struct
from pathlib import Path

from mpmath import acos, asin, cos, frexp, mp, mpf, nint, pi, sin

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "rotary.json"
SEED = 601
# Enough for angles up to 2^32, whose distance to a multiple of pi/2 may be 2^-65.
mp.prec = 240

LLAMA_3_1 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original": 8192}
LLAMA_3_2 = LLAMA_3_1 | {"factor": 32.0}
LINEAR = {"factor": 4.0}
# First position, number of positions, step.
POSITIONS = [[0, 512, 1], [512, 1026, 1021], [131070, 4, 1], [134217727, 1, 1]]


def binary32(value: mpf) -> bytes:
  if value == 0:
    return bytes(4)
  exponent = frexp(value)[1]
  # nint rounds halves to even; the quotient has 24 bits and is exact in binary64.
  return struct.pack("<f", math.ldexp(int(nint(value * mpf(2) ** (24 - exponent))), exponent - 24))


def hex32(value: mpf) -> str:
  return binary32(value)[::-1].hex()


def hex64(value: float) -> str:
  return struct.pack(">d", value).hex()


def frequencies(base: float, head_dim: int, scaling: dict | None) -> list[float]:
  plain = [float(mpf(base) ** (mpf(-2 * pair) / head_dim)) for pair in range(head_dim // 2)]
  return [scaled(frequency, scaling) for frequency in plain]


def scaled(frequency: float, scaling: dict | None) -> float:
  if scaling is None:
    return frequency
  if scaling.keys() == {"factor"}:
    return frequency / scaling["factor"]
  low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
  wavelength = 2 * math.pi / frequency
  if wavelength > scaling["original"] / low:
    return frequency / scaling["factor"]
  if wavelength < scaling["original"] / high:
    return frequency
  kept = (scaling["original"] / wavelength - low) / (high - low)
  return (1 - kept) * frequency / scaling["factor"] + kept * frequency


def table(base: float, head_dim: int, scaling: dict | None) -> dict:
  digest = hashlib.sha256()
  turns = frequencies(base, head_dim, scaling)
  for first, count, step in POSITIONS:
    for position in range(first, first + count * step, step):
      angles = [mpf(position * turn) for turn in turns]
      digest.update(b"".join(binary32(cos(angle)) for angle in angles))
      digest.update(b"".join(binary32(sin(angle)) for angle in angles))
  return described(base, head_dim, scaling) | {"sha256": digest.hexdigest()}


def described(base: float, head_dim: int, scaling: dict | None) -> dict:
  return {"base": base, "head_dim": head_dim, "scaling": scaling}


def angle(value: float) -> dict:
  return {"angle": hex64(value), "cosine": hex32(cos(mpf(value))), "sine": hex32(sin(mpf(value)))}


def angles() -> list[dict]:
  """Angles of all magnitudes, and those at which rounding or reduction is hard."""
  draw = random.Random(SEED)
  values = [0.0, 1e-30, 2.0 ** 32]
  for _ in range(40):
    values.append(math.ldexp(draw.uniform(1, 2), draw.randrange(-40, 32)))
    # A result half-way between two binary32 numbers, but for the rounding of the angle.
    middle = mpf(2 * draw.randrange(2 ** 23, 2 ** 24) + 1) / 2 ** 25
    turns = 2 * pi * draw.choice([0, 0, 1, 1000])
    values += [float(asin(middle) + turns), float(acos(middle) + turns)]
    # Small angles, whose sine is nearly the angle itself.
    values.append(math.ldexp(2 * draw.randrange(2 ** 23, 2 ** 24) + 1, draw.randrange(-60, -36)))
    # Next to a multiple of pi/2.
    values.append(float(pi / 2 * draw.randrange(1, 2 ** draw.randrange(1, 31))))
  return [angle(value) for value in values]


def main() -> None:
  settings = [
    (base, head_dim, None) for base in [10000.0, 100000.0, 500000.0, 1000000.0]
    for head_dim in [2, 16, 64, 80, 96, 128]
  ]
  scaled_settings = [
    (500000.0, 128, LLAMA_3_1), (500000.0, 64, LLAMA_3_2), (10000.0, 16, LINEAR)
  ]
  tables = [(10000.0, 64, None), (100000.0, 64, None), (1000000.0, 128, None), (10000.0, 80, None)]
  golden = {
    "frequencies": [
      described(*setting) | {"values": [hex64(value) for value in frequencies(*setting)]}
      for setting in settings + scaled_settings
    ],
    "angles": angles(),
    "positions": POSITIONS,
    "tables": [table(*setting) for setting in tables + scaled_settings],
  }
  GOLDEN.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
  main()
