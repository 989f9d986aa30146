"""A transformers model behind a cache of rows: forward passes under any mask, in four arithmetics."""

from pathlib import Path

import torch
import transformers

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
# Passes are small; several threads are no faster, and beside other programs much slower.
torch.set_num_threads(1)

# What the model is loaded as.
ARITHMETICS = {
  "float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16,
  "float16-cache": torch.float32,
}
MISTAKES = ["rope-base", "bf16-weights"]


class Float16Cache(transformers.DynamicCache):
  """Rounds keys and values to float16 as they are cached; the pass itself reads them from here too."""

  def update(self, keys, values, *others, **options):
    return super().update(keys.half().float(), values.half().float(), *others, **options)


class Model:
  """From a Hugging Face folder or a GGUF file. `mistake` makes it another model than the file's."""

  def __init__(self, path: Path, arithmetic: str = "float32", mistake: str | None = None):
    where = {"gguf_file": path.name} if path.is_file() else {}
    self.model = transformers.AutoModelForCausalLM.from_pretrained(
      path.parent if path.is_file() else path, **where, dtype=ARITHMETICS[arithmetic])
    self.model.eval().requires_grad_(False)
    ends = self.model.generation_config.eos_token_id
    self.ends = set(ends if isinstance(ends, list) else [ends])
    self.new_cache = Float16Cache if arithmetic == "float16-cache" else transformers.DynamicCache
    if mistake == "rope-base":
      # The frequencies are base ** -exponent: this takes four times the base.
      frequencies = self.model.model.rotary_emb.inv_freq
      count = len(frequencies)
      frequencies *= 4.0 ** -(torch.arange(count) / count)
    if mistake == "bf16-weights":
      for weights in self.model.parameters():
        weights.copy_(weights.bfloat16())
    self.clear()

  def clear(self) -> None:
    self.cache, self.cached = self.new_cache(), 0

  @torch.inference_mode()
  def forward(self, tokens: list[int], positions: list[int], own: torch.Tensor) -> torch.Tensor:
    """Logits of rows that see the whole cache, and of each other what `own` says. `keep` has to follow."""
    visible = torch.cat([torch.ones(len(tokens), self.cached, dtype=torch.bool), own], dim=1)
    # Four dimensions, [texts, heads, rows, keys]: the model adds it to its scores as it is.
    mask = torch.zeros(visible.shape, dtype=self.model.dtype)
    mask[~visible] = torch.finfo(self.model.dtype).min
    answer = self.model(
      input_ids=torch.tensor([tokens]), position_ids=torch.tensor([positions]),
      attention_mask=mask[None, None], past_key_values=self.cache, use_cache=True)
    return answer.logits[0].float()

  def keep(self, rows: list[int]) -> None:
    """Of the last pass these rows stay in the cache."""
    kept = [*range(self.cached), *(self.cached + row for row in rows)]
    for layer in self.cache.layers:
      layer.keys, layer.values = layer.keys[:, :, kept], layer.values[:, :, kept]
    self.cached = len(kept)


def causal(rows: int) -> torch.Tensor:
  """Every row sees the rows before it and itself."""
  return torch.ones(rows, rows, dtype=torch.bool).tril()
