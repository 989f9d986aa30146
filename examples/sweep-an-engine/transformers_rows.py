"""Runs a sweep on Hugging Face transformers: transformers_rows.py FOLDER --model PATH."""

import argparse
import copy
from pathlib import Path

import numpy as np
import torch
import transformers

import sweep_files

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


class TransformersRows:
  """A model with its usual cache; masks are the causal ones that the library makes by itself."""

  def __init__(self, path: Path, dtype: torch.dtype = torch.float32, attention: str = "sdpa"):
    where = {"gguf_file": path.name} if path.is_file() else {}
    self.model = transformers.AutoModelForCausalLM.from_pretrained(
      path.parent if path.is_file() else path, **where, dtype=dtype, attn_implementation=attention)
    self.model.eval()
    self.behind_prefix = None
    self.cache = None

  def begin(self, prefix: list[int]) -> None:
    # The prefix is read once, so that every number of rows finds the same bits in the cache.
    if self.behind_prefix is None:
      self.behind_prefix = transformers.DynamicCache(config=self.model.config)
      if prefix:
        self.run(prefix, list(range(len(prefix))), self.behind_prefix)
    self.cache = copy.deepcopy(self.behind_prefix)

  def forward(self, tokens: list[int], positions: list[int], mask: list[list[int]]) -> np.ndarray:
    # In float32 every bit of the shorter formats is kept.
    return self.run(tokens, positions, self.cache).float().numpy()

  @torch.inference_mode()
  def run(self, tokens: list[int], positions: list[int], cache) -> torch.Tensor:
    answer = self.model(
      input_ids=torch.tensor([tokens]), position_ids=torch.tensor([positions]),
      past_key_values=cache, use_cache=True)
    return answer.logits[0]


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("folder", type=Path, help="made by lookahead sweep --out")
  parser.add_argument("--model", type=Path, required=True, help="a GGUF file or folder")
  parser.add_argument("--dtype", choices=DTYPES, default="float32")
  parser.add_argument("--attention", choices=["sdpa", "eager"], default="sdpa")
  options = parser.parse_args()
  if not options.model.exists():
    parser.error(f"there is no {options.model}.")
  sweep_files.read(options.folder)
  engine = TransformersRows(options.model, DTYPES[options.dtype], options.attention)
  sweep_files.run(options.folder, engine)


if __name__ == "__main__":
  main()
