"""Writes the tiny GGUF files and the goldens of GGUF's block formats.

  python make_gguf.py [--output ..]

Three subjects: `quantised-*.gguf`, one random model in every plain and quantised format;
`sentencepiece.gguf` and `llama3.gguf`, the Hugging Face folders of those names in GGUF form; and
golden/gguf/*blocks.safetensors, raw blocks of every format beside what they decode to.
"""

import argparse
from pathlib import Path

import gguf
import gguf_blocks
import make_corpus
import make_tiny_models
import numpy as np
import tiny_llama_tokenizer
import tiny_tokenizers
import torch
from gguf_blocks import LEGACY, SPREADS, Format
from gguf_model import GGUFModel, permuted
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

SEED = 201
PLAIN = [Format.F32, Format.F16, Format.BF16]


def quantised_config(vocabulary: int, **sizes) -> LlamaConfig:
  return LlamaConfig(
    vocab_size=vocabulary, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
    max_position_embeddings=256, rms_norm_eps=1e-5, bos_token_id=0, eos_token_id=0,
    tie_word_embeddings=True, **sizes)


def random_model(config: LlamaConfig, seed: int) -> LlamaForCausalLM:
  model = LlamaForCausalLM(config)
  make_tiny_models.randomise(model, seed)
  return model


def legacy_file(path: Path, format: Format, tokenizer) -> None:
  """The random model with all its matrices in one format; vectors stay F32."""
  config = quantised_config(
    tokenizer.get_vocab_size(), hidden_size=64, intermediate_size=96, num_hidden_layers=2)
  file = GGUFModel(path, config, f"Quantised {format.name}")
  file.add_byte_level_tokenizer(tokenizer, "gpt-2", {"<|endoftext|>"})
  for name, values in permuted(random_model(config, SEED)):
    matrix = values.ndim == 2
    file.add_tensor(name, gguf.quantize(values, format if matrix else Format.F32),
                    format if matrix else Format.F32)
  file.write()


# Which matrices of the files of several formats have which one. Rows of the output projection hold
# 64 values, which is no multiple of 256, so that it falls back as llama.cpp's files do; so do those
# of the second file's ffn_down.
K_CHOICE = {
  "token_embd": Format.Q6_K, "attn_q": Format.Q4_K, "attn_k": Format.Q5_K, "attn_v": Format.Q6_K,
  "attn_output": Format.Q8_0, "ffn_gate": Format.Q4_K, "ffn_up": Format.Q5_K,
  "ffn_down": Format.Q6_K,
}
SMALL_CHOICE = {
  "token_embd": Format.Q3_K, "attn_q": Format.Q2_K, "attn_k": Format.Q3_K,
  "attn_v": Format.IQ4_XS, "attn_output": Format.IQ4_NL, "ffn_gate": Format.Q2_K,
  "ffn_up": Format.IQ4_XS, "ffn_down": Format.IQ4_NL,
}


def mixed_file(
  path: Path, title: str, choice: dict[str, Format], intermediate: int, seed: int, tokenizer
) -> None:
  """A mixture of formats, alignment 64, hidden size 256."""
  config = quantised_config(
    tokenizer.get_vocab_size(), hidden_size=256, intermediate_size=intermediate,
    num_hidden_layers=1)
  file = GGUFModel(path, config, title, alignment=64)
  file.add_byte_level_tokenizer(
    tokenizer, "smollm", {"<|endoftext|>", "<|im_start|>", "<|im_end|>"},
    chat_template=tiny_llama_tokenizer.CHAT_TEMPLATE)
  generator = np.random.default_rng(seed)
  for name, values in permuted(random_model(config, seed)):
    format = next((f for part, f in choice.items() if part in name.split(".")), Format.F32)
    if format in SPREADS:
      count = values.size // gguf.GGML_QUANT_SIZES[format][0]
      blocks = gguf_blocks.random_blocks(format, count, generator, float(values.std()))
      file.add_tensor(name, blocks.reshape(values.shape[0], -1), format)
    else:
      file.add_tensor(name, gguf.quantize(values, format), format)
  file.write()


def sentencepiece_file(path: Path, folder: Path) -> None:
  """tiny-sentencepiece in GGUF form, with pieces and scores in place of merges."""
  model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)
  file = GGUFModel(path, model.config, "SentencePiece")
  file.add_sentencepiece_tokenizer((folder / "tokenizer.model").read_bytes())
  for name, values in permuted(model):
    file.add_tensor(name, values, Format.F32)
  file.write()


def llama3_file(path: Path, folder: Path) -> None:
  """tiny-llama3 in GGUF form: the rotary scaling becomes the tensor rope_freqs.weight."""
  model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)
  file = GGUFModel(path, model.config, "Llama 3")
  tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
  file.add_byte_level_tokenizer(
    tokenizer, "llama-bpe", set(tiny_tokenizers.LLAMA3_SPECIAL), add_bos=True)
  file.add_tensor("rope_freqs.weight", llama3_divisors(model.config), Format.F32)
  for name, values in permuted(model):
    file.add_tensor(name, values, Format.F32)
  file.write()


def llama3_divisors(config: LlamaConfig) -> np.ndarray:
  """By what each rotary frequency is divided, `[head_dim / 2]`, after Llama 3.1's rule."""
  rope = config.rope_parameters
  factor, low, high = rope["factor"], rope["low_freq_factor"], rope["high_freq_factor"]
  exponents = np.arange(0, config.head_dim, 2) / config.head_dim
  wavelengths = 2 * np.pi * rope["rope_theta"] ** exponents
  turns = rope["original_max_position_embeddings"] / wavelengths
  smooth = np.clip((turns - low) / (high - low), 0, 1)
  return (1 / ((1 - smooth) / factor + smooth)).astype(np.float32)


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  root = parser.parse_args().output
  torch.set_num_threads(1)
  folder = root / "gguf"
  folder.mkdir(parents=True, exist_ok=True)
  documents = make_corpus.documents(count=make_tiny_models.CORPUS_SAMPLE)
  tokenizer = tiny_tokenizers.gpt2_style(documents, 288)
  for format in PLAIN + LEGACY:
    legacy_file(folder / f"quantised-{format.name.lower()}.gguf", format, tokenizer)
  tokenizer = tiny_tokenizers.digit_splitting(documents, 288)
  mixed_file(folder / "quantised-k.gguf", "K-quants", K_CHOICE, 256, SEED + 1, tokenizer)
  mixed_file(
    folder / "quantised-small.gguf", "Small quants", SMALL_CHOICE, 64, SEED + 2, tokenizer)
  sentencepiece_file(folder / "sentencepiece.gguf", root / "tiny-sentencepiece")
  llama3_file(folder / "llama3.gguf", root / "tiny-llama3")
  goldens = root / "golden" / "gguf"
  gguf_blocks.ordinary_goldens(goldens / "blocks.safetensors", SEED)
  gguf_blocks.extreme_goldens(goldens / "extreme-blocks.safetensors", SEED + 3)


if __name__ == "__main__":
  main()
