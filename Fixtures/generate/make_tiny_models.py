"""Writes the second tiny models: random weights from fixed seeds, for what the trained one lacks.

  python make_tiny_models.py [--output ..]
"""

import argparse
import copy
from pathlib import Path

import make_corpus
import model_folder
import tiny_tokenizers
import torch
from transformers import LlamaConfig, LlamaForCausalLM

SEEDS = {
  "tiny-sentencepiece": 101, "tiny-llama3": 102, "tiny-bf16-shards": 103, "tiny-f16": 104,
}
CORPUS_SAMPLE = 1500


def corpus_lines(documents: list[str]) -> list[str]:
  """The corpus without its ChatML lines: those tokenizers know nothing of its marks."""
  return [line for text in documents for line in text.split("\n") if line and "<|" not in line]


def randomise(model: LlamaForCausalLM, seed: int) -> None:
  """Fills every tensor so that no term vanishes: norms near one, biases far from zero, matrices
  large enough for attention to be uneven and for logits to differ by several units."""
  generator = torch.Generator().manual_seed(seed)
  with torch.no_grad():
    for name, parameter in sorted(model.named_parameters()):
      noise = torch.randn(parameter.shape, generator=generator)
      if "norm" in name:
        parameter.copy_(1 + 0.2 * noise)
      elif name.endswith("bias"):
        parameter.copy_(0.3 * noise)
      elif "embed" in name or "lm_head" in name:
        parameter.copy_(3 * noise / parameter.shape[1] ** 0.5)
      else:
        parameter.copy_(1.5 * noise / parameter.shape[1] ** 0.5)


def make_sentencepiece(root: Path, documents: list[str]) -> None:
  """Llama 2's manner: SentencePiece pieces, separate output head."""
  name = "tiny-sentencepiece"
  proto = tiny_tokenizers.train_sentencepiece(corpus_lines(documents), 448, True)
  config = LlamaConfig(
    vocab_size=448, hidden_size=32, intermediate_size=80, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=4, max_position_embeddings=256, rms_norm_eps=1e-5,
    tie_word_embeddings=False, bos_token_id=1, eos_token_id=2)
  folder = root / name
  # Checkpoints of that time state neither the head size nor, without grouping, the kv heads.
  model_folder.write_configuration(
    folder, config, "float32", {"rope_theta": 10000.0, "rope_scaling": None},
    omitted=frozenset({"head_dim", "num_key_value_heads", "attention_bias", "mlp_bias"}))
  model = LlamaForCausalLM(config)
  randomise(model, SEEDS[name])
  model_folder.write_weights(folder, model)
  # The proto itself stays beside the folder's tokenizer.json, as in the checkpoints of that time.
  (folder / "tokenizer.model").write_bytes(proto)
  tiny_tokenizers.save(
    tiny_tokenizers.sentencepiece_style(proto, metaspace=False), folder,
    {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "add_bos_token": True,
     "add_eos_token": False}, merges_as_text=True)


def make_llama3(root: Path, documents: list[str]) -> None:
  """Llama 3.1's manner: frequency-dependent rotary scaling, head size unlike hidden / heads.

  With base 500000, head size 16 and an original context of 64, the wavelengths are 6, 32, 167, …
  positions: one is kept, one blended, the rest stretched.
  """
  name = "tiny-llama3"
  tokenizer = tiny_tokenizers.llama3_style(documents, 501)
  begin, end, _, _, turn_end = (
    tokenizer.token_to_id(token) for token in tiny_tokenizers.LLAMA3_SPECIAL)
  rope = {
    "rope_theta": 500000.0,
    "rope_scaling": {
      "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
      "original_max_position_embeddings": 64,
    },
  }
  config = LlamaConfig(
    vocab_size=tokenizer.get_vocab_size(), hidden_size=32, intermediate_size=64,
    num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
    max_position_embeddings=512, rms_norm_eps=1e-5, tie_word_embeddings=True, bos_token_id=begin,
    eos_token_id=[end, turn_end], **copy.deepcopy(rope))
  folder = root / name
  model_folder.write_configuration(folder, config, "float32", rope)
  model = LlamaForCausalLM(config)
  randomise(model, SEEDS[name])
  model_folder.write_weights(folder, model)
  tiny_tokenizers.save(
    tokenizer, folder, {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"})


def make_bf16_shards(root: Path, documents: list[str]) -> None:
  """BF16 in three files, biases everywhere, linear rotary scaling in its oldest spelling."""
  name = "tiny-bf16-shards"
  tokenizer = tiny_tokenizers.digit_splitting(documents, 320)
  rope = {"rope_theta": 10000.0, "rope_scaling": {"type": "linear", "factor": 2.5}}
  config = LlamaConfig(
    vocab_size=tokenizer.get_vocab_size(), hidden_size=32, intermediate_size=64,
    num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=1,
    max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=False,
    attention_bias=True, mlp_bias=True, bos_token_id=1, eos_token_id=2,
    **copy.deepcopy(rope))
  folder = root / name
  model_folder.write_configuration(
    folder, config, "bfloat16", rope, omitted=frozenset({"head_dim"}))
  model = LlamaForCausalLM(config)
  randomise(model, SEEDS[name])
  model_folder.write_weights(folder, model, torch.bfloat16, shards=3)
  tiny_tokenizers.save(
    tokenizer, folder, {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"})


def make_f16(root: Path, documents: list[str]) -> None:
  """F16 in one file, the newer spellings of rotary base and SentencePiece prefix."""
  name = "tiny-f16"
  proto = tiny_tokenizers.train_sentencepiece(corpus_lines(documents), 384, False)
  config = LlamaConfig(
    vocab_size=384, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256, rms_norm_eps=1e-5,
    tie_word_embeddings=True, bos_token_id=1, eos_token_id=2)
  folder = root / name
  model_folder.write_configuration(
    folder, config, "float16", {"rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}})
  model = LlamaForCausalLM(config)
  randomise(model, SEEDS[name])
  model_folder.write_weights(folder, model, torch.float16)
  tiny_tokenizers.save(
    tiny_tokenizers.sentencepiece_style(proto, metaspace=True), folder,
    {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"})


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  root = parser.parse_args().output
  torch.set_num_threads(1)
  documents = make_corpus.documents(count=CORPUS_SAMPLE)
  for make in (make_sentencepiece, make_llama3, make_bf16_shards, make_f16):
    make(root, documents)


if __name__ == "__main__":
  main()
