"""llama.cpp, by way of llama-cpp-python: logits of plain text are what it shows."""

import sys
from pathlib import Path

import llama_cpp
import numpy as np

sys.path.append(str(Path(__file__).parents[2] / "Benchmarks/peers"))
from backend import causal
# Over quantised weights llama.cpp rounds activations to 8 bits too, so callers that ask for float32
# take this version; quantised.py does not.
from model_files import float32_version


class LlamaCppBackend:
  def __init__(self, path: Path, context: int = 512):
    # Otherwise keys and values are rounded to F16: by the cache as it comes, and whatever the cache
    # in flash attention.
    float32 = llama_cpp.GGML_TYPE_F32
    exact = {"flash_attn": False, "type_k": float32, "type_v": float32}
    self.model = llama_cpp.Llama(
      str(path), n_ctx=context, n_batch=context, logits_all=True, verbose=False, **exact)

  def forward(self, tokens: list[int], positions: list[int], visible: np.ndarray) -> dict:
    if positions != list(range(len(tokens))) or not np.array_equal(visible, causal(0, len(tokens))):
      raise ValueError("llama.cpp takes a text, no mask and no positions.")
    self.model.reset()
    self.model.eval(tokens)
    return {"logits": np.array(self.model.scores[:len(tokens)])}
