"""Hugging Face transformers on torch, in float32: plain greedy decoding with a cache."""

import os
import time
from pathlib import Path

# Reading a GGUF file draws a bar that nothing else switches off.
os.environ["TQDM_DISABLE"] = "1"

import torch
import transformers


class Transformers:
  """One GGUF file, which transformers expands to float32."""

  def __init__(self, path: Path, threads: int):
    torch.set_num_threads(threads)
    transformers.utils.logging.set_verbosity_error()
    self.model = transformers.AutoModelForCausalLM.from_pretrained(
      path.parent, gguf_file=path.name, dtype=torch.float32)
    self.model.eval()

  @torch.inference_mode()
  def generate(self, prompt: list[int], count: int) -> tuple[list[int], float]:
    """`count` tokens, and the tokens after the first per second."""
    output = self.model(input_ids=torch.tensor([prompt]), use_cache=True, logits_to_keep=1)
    tokens = [int(output.logits[0, -1].argmax())]
    start = time.perf_counter()
    while len(tokens) < count:
      output = self.model(
        input_ids=torch.tensor([[tokens[-1]]]), past_key_values=output.past_key_values,
        use_cache=True)
      tokens.append(int(output.logits[0, -1].argmax()))
    return tokens, (count - 1) / (time.perf_counter() - start)
