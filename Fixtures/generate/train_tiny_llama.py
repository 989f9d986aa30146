"""Trains the fixture model and writes it as a Hugging Face folder.

  python train_tiny_llama.py [--output ../tiny-llama] [--steps 1250]

A LLaMA of 869,504 parameters, trained from a fixed seed on the generated corpus: five to six
minutes on two free CPU cores. The weights depend on the CPU's rounding, so another machine gives a
model that is as good, not one that is equal; the committed one is pinned by manifest.json.
"""

import argparse
import math
import os
import time
from pathlib import Path

# Waiting threads give their core back: a busy machine slows training down without stalling it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import make_corpus
import model_folder
import tiny_llama_tokenizer
import torch
from transformers import LlamaConfig, LlamaForCausalLM

SEED = 1234
CONTEXT_LENGTH = 1024
PEAK_LEARNING_RATE = 5e-3
WARMUP_STEPS = 40
# Short rows train fastest; the last fifth sees rows as long as the context.
SHORT_BATCH, LONG_BATCH = (4, 512), (2, CONTEXT_LENGTH)
LONG_SHARE = 0.2


def configuration(tokenizer) -> LlamaConfig:
  end_of_text = tokenizer.token_to_id(tiny_llama_tokenizer.END_OF_TEXT)
  turn_end = tokenizer.token_to_id(tiny_llama_tokenizer.TURN_END)
  return LlamaConfig(
    vocab_size=tiny_llama_tokenizer.VOCABULARY_SIZE, hidden_size=128, intermediate_size=352,
    num_hidden_layers=4, num_attention_heads=8, num_key_value_heads=4, head_dim=16,
    max_position_embeddings=CONTEXT_LENGTH, rms_norm_eps=1e-5, tie_word_embeddings=True,
    initializer_range=0.06, attention_bias=False, mlp_bias=False,
    rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
    bos_token_id=end_of_text, eos_token_id=[turn_end, end_of_text], pad_token_id=end_of_text,
  )


def token_stream(tokenizer, documents: list[str]) -> torch.Tensor:
  text_end = make_corpus.END_OF_TEXT
  encodings = tokenizer.encode_batch([document + text_end for document in documents])
  return torch.tensor([token for encoding in encodings for token in encoding.ids])


def learning_rate(step: int, steps: int) -> float:
  """Linear warm-up, then a cosine down to zero."""
  if step < WARMUP_STEPS:
    return PEAK_LEARNING_RATE * (step + 1) / WARMUP_STEPS
  progress = (step - WARMUP_STEPS) / max(1, steps - WARMUP_STEPS)
  return PEAK_LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * progress))


def train(model: LlamaForCausalLM, stream: torch.Tensor, steps: int) -> float:
  """Trains in place on random windows of `stream`; returns the mean loss of the last steps."""
  generator = torch.Generator().manual_seed(SEED)
  matrices = [p for p in model.parameters() if p.dim() == 2]
  vectors = [p for p in model.parameters() if p.dim() < 2]
  optimizer = torch.optim.AdamW(
    [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}],
    betas=(0.9, 0.98))
  model.train()
  recent, started = [], time.time()
  for step in range(steps):
    rows, length = LONG_BATCH if step >= steps * (1 - LONG_SHARE) else SHORT_BATCH
    starts = torch.randint(len(stream) - length, (rows,), generator=generator)
    batch = torch.stack([stream[start : start + length] for start in starts.tolist()])
    for group in optimizer.param_groups:
      group["lr"] = learning_rate(step, steps)
    logits = model(input_ids=batch, use_cache=False).logits
    loss = torch.nn.functional.cross_entropy(
      logits[:, :-1].flatten(0, 1), batch[:, 1:].flatten())
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    recent = (recent + [loss.item()])[-50:]
    if step % 50 == 0 or step == steps - 1:
      print(f"step {step} loss {sum(recent) / len(recent):.4f} {time.time() - started:.0f} s",
            flush=True)
  model.eval()
  return sum(recent) / len(recent)


def save(model: LlamaForCausalLM, tokenizer, folder: Path) -> None:
  rope = {"rope_theta": 10000.0, "rope_scaling": None}
  model_folder.write_configuration(folder, model.config, "float32", rope)
  model_folder.write_weights(folder, model)
  tiny_llama_tokenizer.save(tokenizer, folder, CONTEXT_LENGTH)


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent / "tiny-llama")
  parser.add_argument("--steps", type=int, default=1250)
  arguments = parser.parse_args()
  torch.set_num_threads(2)
  torch.manual_seed(SEED)
  documents = make_corpus.documents()
  tokenizer = tiny_llama_tokenizer.train(documents)
  stream = token_stream(tokenizer, documents)
  model = LlamaForCausalLM(configuration(tokenizer))
  parameters = sum(parameter.numel() for parameter in model.parameters())
  print(f"{len(documents)} documents, {len(stream)} tokens, {parameters} parameters")
  loss = train(model, stream, arguments.steps)
  save(model, tokenizer, arguments.output)
  print(f"final loss {loss:.4f}")


if __name__ == "__main__":
  main()
