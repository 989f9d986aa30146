#!/usr/bin/env python3
"""Makes a LLaMA of 1.07 billion random weights in float16, of the size that people run.

  python3 Benchmarks/peers/billion_model.py

What a pass costs depends on the shapes of the weights, not on what they are, so random ones serve
to measure speed, load and memory where no trained model of the size is to be had. The same seed
gives the same file. The tokenizer is that of SmolLM2, copied from the file that
scripts/fetch-model.sh fetches. Prints the file's path; it is in the cache folder, with a digest of
the recipe in its name.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np

from model_files import cache_folder, copy_metadata, made_once, short_digest, write_tensors

TOKENIZER = "SmolLM2-135M-Instruct.Q4_1.gguf"
LAYERS = 16
HIDDEN = 2048
FEED_FORWARD = 8192
HEADS = 32
KV_HEADS = 8
HEAD_SIZE = 64
VOCABULARY = 49_152
CONTEXT = 8192
ROPE_BASE = 100_000.0
NORM_EPSILON = 1e-5
SEED = 20_261_128
# Norm weights are 1 with this much noise, so that leaving one out shows.
NORM_NOISE = 0.02


def tensor_shapes() -> dict[str, list[int]]:
  """All tensors, [outputs, inputs]; norms have one dimension. The embedding is the head too."""
  shapes = {"token_embd.weight": [VOCABULARY, HIDDEN]}
  for layer in range(LAYERS):
    shapes |= {f"blk.{layer}.{name}.weight": shape for name, shape in block_shapes().items()}
  return shapes | {"output_norm.weight": [HIDDEN]}


def block_shapes() -> dict[str, list[int]]:
  queries, keys = HEADS * HEAD_SIZE, KV_HEADS * HEAD_SIZE
  return {
    "attn_norm": [HIDDEN], "attn_q": [queries, HIDDEN], "attn_k": [keys, HIDDEN],
    "attn_v": [keys, HIDDEN], "attn_output": [HIDDEN, queries], "ffn_norm": [HIDDEN],
    "ffn_gate": [FEED_FORWARD, HIDDEN], "ffn_up": [FEED_FORWARD, HIDDEN],
    "ffn_down": [HIDDEN, FEED_FORWARD],
  }


def random_tensors(shapes: dict[str, list[int]]) -> Iterator[np.ndarray]:
  """Each from a generator of its own, so that one does not depend on those before."""
  for index, shape in enumerate(shapes.values()):
    generator = np.random.default_rng([SEED, index])
    values = generator.standard_normal(shape, dtype=np.float32)
    if len(shape) == 1:
      yield 1 + np.float32(NORM_NOISE) * values
    else:
      # Outputs are as large as inputs, so activations neither grow nor vanish.
      values *= np.float32(shape[1] ** -0.5)
      yield values.astype(np.float16)


def recipe_digest(tokenizer: Path) -> str:
  """A digest of everything that decides the file's bytes."""
  recipe = [
    LAYERS, HEADS, KV_HEADS, CONTEXT, ROPE_BASE, NORM_EPSILON, SEED, NORM_NOISE, np.__version__,
    short_digest(tokenizer), tensor_shapes(),
  ]
  return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:12]


def write_model(target: Path, tokenizer: Path) -> None:
  writer = gguf.GGUFWriter(target, "llama")
  writer.add_name("LLaMA of 1.07 billion random weights")
  writer.add_file_type(1)
  writer.add_block_count(LAYERS)
  writer.add_context_length(CONTEXT)
  writer.add_embedding_length(HIDDEN)
  writer.add_feed_forward_length(FEED_FORWARD)
  writer.add_head_count(HEADS)
  writer.add_head_count_kv(KV_HEADS)
  writer.add_rope_dimension_count(HEAD_SIZE)
  writer.add_rope_freq_base(ROPE_BASE)
  writer.add_layer_norm_rms_eps(NORM_EPSILON)
  writer.add_vocab_size(VOCABULARY)
  copy_metadata(gguf.GGUFReader(tokenizer), writer, lambda name: name.startswith("tokenizer."))
  shapes = tensor_shapes()
  types = {
    name: np.dtype(np.float32 if len(shape) == 1 else np.float16) for name, shape in shapes.items()
  }
  write_tensors(writer, shapes, types, random_tensors(shapes))


def billion_model() -> Path:
  """The file, made unless it is there already."""
  tokenizer = cache_folder() / TOKENIZER
  if not tokenizer.exists():
    raise FileNotFoundError(f"There is no {tokenizer}; scripts/fetch-model.sh fetches it.")
  name = f"Random-1B.{recipe_digest(tokenizer)}.F16.gguf"
  return made_once(cache_folder() / name, lambda partial: write_model(partial, tokenizer))


if __name__ == "__main__":
  try:
    print(billion_model())
  except OSError as failure:
    sys.exit(f"billion_model: {failure}")
