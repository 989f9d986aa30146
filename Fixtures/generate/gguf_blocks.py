"""Random blocks of GGUF's quantised formats, and the goldens of what they decode to.

The `gguf` package decodes all of these formats, but encodes only some; a block of random bytes is a
valid block of each, provided that its float16 factors are finite.
"""

from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import save_file

Format = gguf.GGMLQuantizationType
LEGACY = [Format.Q8_0, Format.Q4_0, Format.Q4_1, Format.Q5_0, Format.Q5_1]
K_FORMATS = [Format.Q4_K, Format.Q5_K, Format.Q6_K]
SMALL_FORMATS = [Format.Q2_K, Format.Q3_K, Format.IQ4_NL, Format.IQ4_XS]
BLOCKS_PER_FORMAT = 48
# Where a block has its float16 factors: `d`, then `m` or `dmin` where there is one.
FACTORS = {
  Format.Q8_0: [0], Format.Q4_0: [0], Format.Q4_1: [0, 2], Format.Q5_0: [0], Format.Q5_1: [0, 2],
  Format.Q2_K: [80, 82], Format.Q3_K: [108], Format.Q4_K: [0, 2], Format.Q5_K: [0, 2],
  Format.Q6_K: [208], Format.IQ4_NL: [0], Format.IQ4_XS: [0],
}
# About how large the values of random blocks are where d is 1, and the dmin / d that centres them.
SPREADS = {
  Format.Q2_K: (13.9, 1.5), Format.Q3_K: (2.35 * 18.5, 0), Format.Q4_K: (36 * 7.5 * 0.9, 7.5),
  Format.Q5_K: (36 * 15.5 * 0.9, 15.5), Format.Q6_K: (74 * 18.5, 0), Format.IQ4_NL: (66, 0),
  Format.IQ4_XS: (66 * 18.5, 0),
}
# Zeros, the smallest and the largest subnormal numbers, the smallest normal and the largest ones.
EXTREMES = np.array([
  0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x83FF, 0x0400, 0x8400, 0x7BFF, 0xFBFF,
], dtype=np.uint16).view(np.float16)


def random_bytes(format: Format, count: int, generator: np.random.Generator) -> np.ndarray:
  length = gguf.GGML_QUANT_SIZES[format][1]
  return generator.integers(0, 256, (count, length), dtype=np.uint8)


def set_factors(data: np.ndarray, format: Format, factors: list[np.ndarray]) -> None:
  for offset, values in zip(FACTORS[format], factors):
    data[:, offset:offset + 2] = values.astype(np.float16).reshape(-1, 1).view(np.uint8)


def random_blocks(format: Format, count: int, generator: np.random.Generator, size: float):
  """`count` blocks of random bytes, whose values are about `size` and centred."""
  data = random_bytes(format, count, generator)
  spread, mean = SPREADS[format]
  d = size * generator.uniform(0.5, 1.5, (count, 1)) / spread
  set_factors(data, format, [d, d * mean])
  return data


def random_legacy_blocks(format: Format, count: int, generator: np.random.Generator):
  """Blocks of random bytes: half of them with ordinary factors, half with any finite float16."""
  data = random_bytes(format, count, generator)
  shape = (count, len(FACTORS[format]))
  ordinary = generator.normal(0, 0.05, shape).astype(np.float16)
  wild = generator.integers(0, 1 << 16, shape, dtype=np.uint16).view(np.float16)
  wild = np.where(np.isfinite(wild), wild, np.float16(6e-8))  # 6e-8 is subnormal
  half = np.arange(count)[:, None] % 2 == 0
  set_factors(data, format, list(np.where(half, ordinary, wild).T))
  return data


def extreme_blocks(format: Format, generator: np.random.Generator):
  """Blocks of random bytes, in which each factor is once each of `EXTREMES`."""
  data = random_bytes(format, len(EXTREMES), generator)
  set_factors(data, format, [generator.permutation(EXTREMES) for _ in FACTORS[format]])
  return data


def save(path: Path, blocks: dict[Format, np.ndarray]) -> None:
  """`<format>.blocks` U8 [blocks, bytes] and `<format>.values` F32 [blocks, values per block]."""
  tensors = {}
  for format, data in blocks.items():
    tensors[f"{format.name}.blocks"] = data
    tensors[f"{format.name}.values"] = gguf.dequantize(data, format).astype(np.float32)
  path.parent.mkdir(parents=True, exist_ok=True)
  save_file(tensors, path)
  path.chmod(0o644)


def ordinary_goldens(path: Path, seed: int) -> None:
  generator = np.random.default_rng(seed)
  blocks = {}
  for format in LEGACY:
    encoded = gguf.quantize(generator.normal(0, 1, (8, 32)).astype(np.float32), format)
    others = random_legacy_blocks(format, BLOCKS_PER_FORMAT - len(encoded), generator)
    blocks[format] = np.concatenate([encoded, others])
  for format in K_FORMATS:
    blocks[format] = random_blocks(format, BLOCKS_PER_FORMAT // 3, generator, 0.1)
  for format in SMALL_FORMATS:
    blocks[format] = random_blocks(format, 4, generator, 0.1)
  save(path, blocks)


def extreme_goldens(path: Path, seed: int) -> None:
  generator = np.random.default_rng(seed)
  save(path, {format: extreme_blocks(format, generator) for format in FACTORS})
