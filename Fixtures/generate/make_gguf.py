"""Writes the tiny GGUF files and the goldens of GGUF's block formats.

  python make_gguf.py [--output ..]

Three subjects: `quantised-*.gguf`, one random model in every plain and quantised format;
`sentencepiece.gguf` and `llama3.gguf`, the Hugging Face folders of those names in GGUF form; and
golden/gguf/blocks.safetensors, raw blocks of every format beside what they decode to.
"""

import argparse
from pathlib import Path

import gguf
import make_corpus
import make_tiny_models
import numpy as np
import tiny_llama_tokenizer
import tiny_tokenizers
import torch
from gguf_model import GGUFModel, permuted
from safetensors.numpy import save_file
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

SEED = 201
Format = gguf.GGMLQuantizationType
PLAIN = [Format.F32, Format.F16, Format.BF16]
LEGACY = [Format.Q8_0, Format.Q4_0, Format.Q4_1, Format.Q5_0, Format.Q5_1]
K_FORMATS = [Format.Q4_K, Format.Q5_K, Format.Q6_K]
BLOCKS_PER_FORMAT = 48


def random_k_blocks(format: Format, count: int, generator: np.random.Generator, size: float):
  """`count` valid K-quant blocks of random bytes, whose values are about `size` and centred.

  The package decodes these formats but does not encode them. Only the float16 factors may not be
  random bytes; they are chosen so that the offset takes away the mean of the quants.
  """
  block, length = gguf.GGML_QUANT_SIZES[format]
  data = generator.integers(0, 256, (count, length), dtype=np.uint8)
  spread = generator.uniform(0.5, 1.5, (count, 1))
  if format == Format.Q6_K:  # value = d · scale(int8) · (quant - 32); d closes the block
    data[:, -2:] = (size * spread / (74 * 18.5)).astype(np.float16).view(np.uint8)
    return data
  mean = 7.5 if format == Format.Q4_K else 15.5
  d = size * spread / (36 * mean * 0.9)  # value = d · scale · quant - dmin · minimum
  data[:, 0:2] = d.astype(np.float16).view(np.uint8)
  data[:, 2:4] = (d * mean).astype(np.float16).view(np.uint8)
  return data


def random_legacy_blocks(format: Format, count: int, generator: np.random.Generator):
  """Blocks of random bytes: half of them with ordinary factors, half with any finite float16."""
  length = gguf.GGML_QUANT_SIZES[format][1]
  data = generator.integers(0, 256, (count, length), dtype=np.uint8)
  factors = 2 if format in (Format.Q4_1, Format.Q5_1) else 1
  ordinary = generator.normal(0, 0.05, (count, factors)).astype(np.float16)
  wild = generator.integers(0, 1 << 16, (count, factors), dtype=np.uint16).view(np.float16)
  wild = np.where(np.isfinite(wild), wild, np.float16(6e-8))  # 6e-8 is subnormal
  half = np.arange(count)[:, None] % 2 == 0
  data[:, : 2 * factors] = np.where(half, ordinary, wild).view(np.uint8)
  return data


def block_goldens(path: Path) -> None:
  """`<format>.blocks` U8 [blocks, bytes] and `<format>.values` F32 [blocks, values per block]."""
  generator = np.random.default_rng(SEED)
  tensors = {}
  for format in LEGACY + K_FORMATS:
    if format in LEGACY:
      encoded = gguf.quantize(generator.normal(0, 1, (8, 32)).astype(np.float32), format)
      blocks = np.concatenate(
        [encoded, random_legacy_blocks(format, BLOCKS_PER_FORMAT - 8, generator)])
    else:
      blocks = random_k_blocks(format, BLOCKS_PER_FORMAT // 3, generator, 0.1)
    tensors[f"{format.name}.blocks"] = blocks
    tensors[f"{format.name}.values"] = gguf.dequantize(blocks, format).astype(np.float32)
  path.parent.mkdir(parents=True, exist_ok=True)
  save_file(tensors, path)
  path.chmod(0o644)


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


# Which matrices of the K-quant file have which format; the output projection's rows hold 64
# values, which is no multiple of 256, so that it falls back as llama.cpp's files do.
K_CHOICE = {
  "token_embd": Format.Q6_K, "attn_q": Format.Q4_K, "attn_k": Format.Q5_K, "attn_v": Format.Q6_K,
  "attn_output": Format.Q8_0, "ffn_gate": Format.Q4_K, "ffn_up": Format.Q5_K,
  "ffn_down": Format.Q6_K,
}


def k_quant_file(path: Path, tokenizer) -> None:
  """A mixture of the K-quants, alignment 64, hidden size 256."""
  config = quantised_config(
    tokenizer.get_vocab_size(), hidden_size=256, intermediate_size=256, num_hidden_layers=1)
  file = GGUFModel(path, config, "K-quants", alignment=64)
  file.add_byte_level_tokenizer(
    tokenizer, "smollm", {"<|endoftext|>", "<|im_start|>", "<|im_end|>"},
    chat_template=tiny_llama_tokenizer.CHAT_TEMPLATE)
  generator = np.random.default_rng(SEED + 1)
  for name, values in permuted(random_model(config, SEED + 1)):
    format = next((f for part, f in K_CHOICE.items() if part in name.split(".")), Format.F32)
    if format in K_FORMATS:
      blocks = random_k_blocks(format, values.size // 256, generator, float(values.std()))
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
  k_quant_file(folder / "quantised-k.gguf", tiny_tokenizers.digit_splitting(documents, 288))
  sentencepiece_file(folder / "sentencepiece.gguf", root / "tiny-sentencepiece")
  llama3_file(folder / "llama3.gguf", root / "tiny-llama3")
  block_goldens(root / "golden" / "gguf" / "blocks.safetensors")


if __name__ == "__main__":
  main()
