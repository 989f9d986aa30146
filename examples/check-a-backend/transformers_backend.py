"""Hugging Face transformers on torch as the backend: the same three things as in backend.py."""

from pathlib import Path

import numpy as np
import torch
import transformers

transformers.utils.logging.set_verbosity_error()


class TransformersBackend:
  def __init__(self, path: Path, dtype: torch.dtype = torch.float32):
    where = {"gguf_file": path.name} if path.is_file() else {}
    # Only eager attention hands out its weights; the fused kinds sum in orders of their own.
    self.model = transformers.AutoModelForCausalLM.from_pretrained(
      path.parent if path.is_file() else path, **where, dtype=dtype, attn_implementation="eager")
    self.model.eval()
    self.cache = transformers.DynamicCache()
    self.cached = 0
    self.blocks = []
    # The library's own list ends with the normed state instead of that after the last block.
    for layer in self.model.model.layers:
      layer.register_forward_hook(lambda _, inputs, output: self.blocks.append((inputs[0], output)))

  @torch.inference_mode()
  def forward(self, tokens: list[int], positions: list[int], visible: np.ndarray) -> dict:
    # Four dimensions, [texts, heads, rows, keys]: the model adds it to its scores as it is.
    mask = torch.zeros(visible.shape, dtype=self.model.dtype)
    mask[torch.from_numpy(~visible)] = torch.finfo(self.model.dtype).min
    self.blocks.clear()
    answer = self.model(
      input_ids=torch.tensor([tokens]), position_ids=torch.tensor([positions]),
      attention_mask=mask[None, None], past_key_values=self.cache, use_cache=True,
      output_attentions=True)
    tensors = {"hidden.0": self.blocks[0][0], "logits": answer.logits}
    for block, ((_, output), weights) in enumerate(zip(self.blocks, answer.attentions), start=1):
      tensors[f"hidden.{block}"] = output
      tensors[f"attention.{block}"] = weights.swapaxes(1, 2)
    return {name: values[0].float().numpy() for name, values in tensors.items()}

  def keep(self, rows: list[int]) -> None:
    kept = [*range(self.cached), *(self.cached + row for row in rows)]
    for layer in self.cache.layers:
      layer.keys, layer.values = layer.keys[:, :, kept], layer.values[:, :, kept]
    self.cached = len(kept)
