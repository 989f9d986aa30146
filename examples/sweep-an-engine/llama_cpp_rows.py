"""Runs a sweep on llama.cpp, by way of llama-cpp-python: llama_cpp_rows.py FOLDER --model PATH."""

import argparse
from pathlib import Path

import llama_cpp
import numpy as np

import sweep_files

FORMATS = {"float16": llama_cpp.GGML_TYPE_F16, "float32": llama_cpp.GGML_TYPE_F32}


class LlamaCppRows:
  """A context whose passes are as large as they are given: no pass is cut into smaller ones."""

  def __init__(
    self, path: Path, context: int = 1024, cache: str = "float16", flash_attention: bool = False,
    threads: int | None = None):
    self.model = llama_cpp.Llama(
      str(path), n_ctx=context, n_batch=context, n_ubatch=context, logits_all=True, verbose=False,
      flash_attn=flash_attention, type_k=FORMATS[cache], type_v=FORMATS[cache],
      n_threads=threads, n_threads_batch=threads)
    self.prefix = None

  def begin(self, prefix: list[int]) -> None:
    if self.prefix != prefix:
      self.model.reset()
      self.model.eval(prefix)
      self.prefix = prefix
    # The next pass drops from the cache what is behind these.
    self.model.n_tokens = len(prefix)

  def forward(self, tokens: list[int], positions: list[int], mask: list[list[int]]) -> np.ndarray:
    first = self.model.n_tokens
    if positions != list(range(first, first + len(tokens))):
      raise ValueError(f"The cache has {first} tokens, but the pass begins at {positions[0]}.")
    self.model.eval(tokens)
    return np.array(self.model.scores[first:first + len(tokens)])


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("folder", type=Path, help="made by lookahead sweep --out")
  parser.add_argument("--model", type=Path, required=True, help="a GGUF file")
  parser.add_argument("--cache", choices=FORMATS, default="float16", help="keys and values")
  parser.add_argument("--flash-attention", action="store_true")
  parser.add_argument("--threads", type=int)
  options = parser.parse_args()
  if not options.model.is_file():
    parser.error(f"there is no file {options.model}.")
  plan = sweep_files.read(options.folder)
  tokens = len(plan["prefix"]) + len(plan["continuation"])
  context = max(256, -(-tokens // 256) * 256)
  sweep_files.run(
    options.folder,
    LlamaCppRows(
      options.model, context, options.cache, options.flash_attention, options.threads))


if __name__ == "__main__":
  main()
