"""Writes a tiny GGUF file of every family, with its own quirks, from the weights of make_families.py.

  python make_family_gguf.py [--output ..] [--llama-cpp]

For each family families/<family>.gguf, and in families/gguf.safetensors the logits that transformers
computes for the same model. With --llama-cpp (llama-cpp-python) llama.cpp's own logits of the file are
compared with those, so that a quirk misunderstood here is found: the file is right if its engine says
what the model's says.
"""

import argparse
import tempfile
from pathlib import Path
from random import Random

import gguf
import numpy as np
import torch
from make_families import build, parameters
from safetensors.torch import save_file
from transformers import (
  Gemma2Config, Gemma3TextConfig, GraniteConfig, LlamaConfig, Olmo2Config, Phi3Config, Qwen2Config,
  Qwen3Config, SmolLM3Config)

SEED = 902
VOCABULARY, ROWS = 264, 24
SPECIAL = {256: "<|endoftext|>", 257: "<|im_start|>", 258: "<|im_end|>"}
MERGES = ["t h", "Ġ t", "th e", "i n", "a n"]
TEMPLATE = (
  "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
  "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")

_COMMON = {
  "vocab_size": VOCABULARY, "hidden_size": 32, "intermediate_size": 40, "num_attention_heads": 4,
  "num_key_value_heads": 2, "num_hidden_layers": 3, "max_position_embeddings": 128,
  "rms_norm_eps": 1e-6, "bos_token_id": 256, "eos_token_id": 258, "pad_token_id": 256,
}
_PLAIN = {"rope_type": "default", "rope_theta": 10_000.0}


def configs() -> dict:
  """One model of each family, with all that its GGUF files can state."""
  return {
    "llama": LlamaConfig(
      **_COMMON, head_dim=6, tie_word_embeddings=False, rope_parameters=_PLAIN | {
        "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}),
    "qwen2": Qwen2Config(**_COMMON, tie_word_embeddings=True, rope_parameters=_PLAIN),
    "qwen3": Qwen3Config(
      **_COMMON, head_dim=10, tie_word_embeddings=True, rope_parameters=_PLAIN),
    "smollm3": SmolLM3Config(
      **_COMMON | {"num_hidden_layers": 5}, tie_word_embeddings=True, rope_parameters=_PLAIN),
    "gemma2": Gemma2Config(
      **_COMMON, head_dim=10, query_pre_attn_scalar=10, sliding_window=5, attn_logit_softcapping=2.0,
      final_logit_softcapping=5.0, rope_parameters=_PLAIN),
    "gemma3": Gemma3TextConfig(
      **_COMMON | {"num_hidden_layers": 7}, head_dim=10, query_pre_attn_scalar=10, sliding_window=5,
      rope_parameters={
        "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1_000_000.0},
        "sliding_attention": _PLAIN,
      }),
    "olmo2": Olmo2Config(**_COMMON, tie_word_embeddings=False, rope_parameters=_PLAIN),
    "granite": GraniteConfig(
      **_COMMON, tie_word_embeddings=True, rope_parameters=_PLAIN, embedding_multiplier=12.0,
      logits_scaling=8.0, residual_multiplier=0.22, attention_multiplier=0.1),
    "phi3": Phi3Config(
      **_COMMON | {"max_position_embeddings": 512}, tie_word_embeddings=True,
      # Not below 256, the least context of llama.cpp, which takes the long factors beyond it.
      original_max_position_embeddings=256, rope_parameters=_PLAIN | {
        "rope_type": "longrope", "partial_rotary_factor": 0.75,
        "short_factor": [1.0, 1.25, 1.5], "long_factor": [2.0, 4.0, 8.0]}),
  }


_BLOCK = {
  "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v", "self_attn.qkv_proj": "attn_qkv", "self_attn.q_norm": "attn_q_norm",
  "self_attn.k_norm": "attn_k_norm", "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up", "mlp.gate_up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
  "pre_feedforward_layernorm": "ffn_norm", "post_feedforward_layernorm": "post_ffw_norm",
}
_OUTER = {
  "model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
  "lm_head.weight": "output.weight",
}


def gguf_name(name: str, family: str) -> str:
  if name in _OUTER:
    return _OUTER[name]
  _, _, layer, rest = name.split(".", 3)
  stem, kind = rest.rsplit(".", 1)
  names = _BLOCK | {
    "post_attention_layernorm": "post_attention_norm"
    if family in ("gemma2", "gemma3", "olmo2") else "ffn_norm"}
  return f"blk.{layer}.{names[stem]}.{kind}"


def in_pairs(rows: np.ndarray, heads: int) -> np.ndarray:
  half = rows.shape[0] // heads // 2
  return rows.reshape(heads, 2, half, -1).swapaxes(1, 2).reshape(rows.shape)


def tensors(model, family: str):
  """Every tensor as the family's GGUF files have it."""
  config = model.config
  for name, parameter in parameters(model).items():
    values = parameter.detach().float().numpy()
    if family.startswith("gemma") and "norm" in name:
      values = values + np.float32(1)
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}.get(
      name.split(".")[-2])
    if heads and family in ("llama", "smollm3", "granite"):
      values = in_pairs(values, heads)
    yield gguf_name(name, family), values


def byte_alphabet() -> list[str]:
  """GPT-2's characters for the bytes 0 to 255."""
  printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
  others = [byte for byte in range(256) if byte not in printable]
  return [chr(byte if byte in printable else 256 + others.index(byte)) for byte in range(256)]


def write_tokenizer(writer: gguf.GGUFWriter) -> None:
  kinds = gguf.TokenType
  merged = [merge.replace(" ", "") for merge in MERGES]
  tokens = byte_alphabet() + list(SPECIAL.values()) + merged
  assert len(tokens) == VOCABULARY
  writer.add_tokenizer_model("gpt2")
  writer.add_tokenizer_pre("gpt-2")
  writer.add_token_list(tokens)
  writer.add_token_types([kinds.CONTROL if i in SPECIAL else kinds.NORMAL for i in range(VOCABULARY)])
  writer.add_token_merges(MERGES)
  writer.add_bos_token_id(256)
  writer.add_eos_token_id(258)
  writer.add_add_bos_token(False)
  writer.add_chat_template(TEMPLATE)


def write_file(
  path: Path, family: str, model, matrices=gguf.GGMLQuantizationType.BF16
) -> None:
  config = model.config
  writer = gguf.GGUFWriter(path, family)
  # Of a name with "phi3" in it llama.cpp expects that vocabulary.
  writer.add_name("Tiny model")
  writer.add_block_count(config.num_hidden_layers)
  writer.add_context_length(config.max_position_embeddings)
  writer.add_embedding_length(config.hidden_size)
  writer.add_feed_forward_length(config.intermediate_size)
  writer.add_head_count(config.num_attention_heads)
  writer.add_head_count_kv(config.num_key_value_heads)
  writer.add_layer_norm_rms_eps(config.rms_norm_eps)
  head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
  writer.add_key_length(head_dim)
  writer.add_value_length(head_dim)
  rope = config.rope_parameters.get("full_attention", config.rope_parameters)
  writer.add_rope_dimension_count(int(head_dim * rope.get("partial_rotary_factor", 1.0)))
  writer.add_rope_freq_base(rope["rope_theta"])
  kind = rope["rope_type"]
  if kind in ("linear", "yarn"):
    writer.add_rope_scaling_type(gguf.RopeScalingType(kind))
    writer.add_rope_scaling_factor(rope["factor"])
  if kind == "yarn":
    writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
  if family in ("gemma2", "gemma3"):
    writer.add_sliding_window(config.sliding_window)
  if family == "gemma2":
    writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
    writer.add_final_logit_softcapping(config.final_logit_softcapping)
  if family == "granite":
    writer.add_attention_scale(config.attention_multiplier)
    writer.add_embedding_scale(config.embedding_multiplier)
    writer.add_residual_scale(config.residual_multiplier)
    writer.add_logit_scale(config.logits_scaling)
  if family == "phi3":
    original = config.original_max_position_embeddings
    writer.add_rope_scaling_orig_ctx_len(original)
    factor = config.max_position_embeddings / original
    writer.add_rope_scaling_attn_factors(float(np.sqrt(1 + np.log(factor) / np.log(original))))
    for name in ("short", "long"):
      writer.add_tensor(
        f"rope_factors_{name}.weight", np.array(rope[f"{name}_factor"], dtype=np.float32))
  write_tokenizer(writer)
  for name, values in tensors(model, family):
    format = matrices if values.ndim == 2 else gguf.GGMLQuantizationType.F32
    writer.add_tensor(name, gguf.quantize(values, format), raw_dtype=format)
  writer.write_header_to_file()
  writer.write_kv_data_to_file()
  writer.write_tensors_to_file()
  writer.close()
  path.chmod(0o644)


def llama_cpp_logits(family: str, model, tokens: list[int]) -> torch.Tensor:
  """Of the same file with float32 matrices: llama.cpp rounds activations to bfloat16 beside others."""
  import llama_cpp

  path = Path(tempfile.mkdtemp()) / f"{family}.gguf"
  write_file(path, family, model, gguf.GGMLQuantizationType.F32)
  model = llama_cpp.Llama(
    str(path), n_ctx=64, n_threads=1, logits_all=True, flash_attn=False, verbose=False,
    type_k=llama_cpp.GGML_TYPE_F32, type_v=llama_cpp.GGML_TYPE_F32)
  model.eval(tokens)
  return torch.from_numpy(model.scores[:len(tokens)].copy())


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  parser.add_argument("--llama-cpp", action="store_true")
  arguments = parser.parse_args()
  torch.set_num_threads(1)
  folder = arguments.output / "families"
  folder.mkdir(exist_ok=True)
  goldens = {}
  for family, config in configs().items():
    model = build(config)
    write_file(folder / f"{family}.gguf", family, model)
    random = Random(f"{SEED} {family}")
    tokens = [random.randrange(VOCABULARY) for _ in range(ROWS)]
    with torch.no_grad():
      logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0]
    goldens[f"{family}.tokens"] = torch.tensor(tokens, dtype=torch.int32)
    goldens[f"{family}.logits"] = logits
    line = f"{family}: |logit| {logits.abs().max().item():.2f}"
    if arguments.llama_cpp:
      difference = (llama_cpp_logits(family, model, tokens) - logits).abs().max().item()
      line += f", llama.cpp off by {difference:.1e}"
    print(line)
  save_file(goldens, folder / "gguf.safetensors")
  (folder / "gguf.safetensors").chmod(0o644)


if __name__ == "__main__":
  main()
