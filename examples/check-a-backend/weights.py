"""A LLaMA's numbers and weights, from a GGUF file or a Hugging Face folder."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

# Whoever reads a GGUF file draws bars, by way of tqdm, which looks for this when it is imported.
os.environ["TQDM_DISABLE"] = "1"

import gguf
import numpy as np
import safetensors.numpy

# GGUF's names inside one block, and Hugging Face's.
BLOCK_NAMES = {
  "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
  "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
  "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
  "ffn_down": "mlp.down_proj",
}
OUTER_NAMES = {
  "token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight",
  "output.weight": "lm_head.weight",
}


@dataclass
class Model:
  blocks: int
  heads: int
  kv_heads: int
  head_dim: int
  norm_epsilon: float
  rope_base: float
  # float32, by Hugging Face's names, rows of q_proj and k_proj in Hugging Face's order.
  weights: dict[str, np.ndarray]

  def __post_init__(self) -> None:
    # Without an output head of its own the embedding serves.
    self.weights.setdefault("lm_head.weight", self.weights["model.embed_tokens.weight"])


def load(path: Path) -> Model:
  return load_folder(path) if path.is_dir() else load_gguf(path)


def load_folder(path: Path) -> Model:
  config = json.loads((path / "config.json").read_text())
  if config.get("rope_scaling") or config.get("attention_bias") or config.get("mlp_bias"):
    raise SystemExit(f"{path} has a scaled rotary embedding or biases, which this example has not.")
  weights = {}
  for file in sorted(path.glob("*.safetensors")):
    for name, values in safetensors.numpy.load_file(file).items():
      weights[name] = values.astype(np.float32)
  heads = config["num_attention_heads"]
  return Model(
    blocks=config["num_hidden_layers"], heads=heads, kv_heads=config["num_key_value_heads"],
    head_dim=config.get("head_dim") or config["hidden_size"] // heads,
    norm_epsilon=config["rms_norm_eps"], rope_base=config["rope_theta"], weights=weights)


def load_gguf(path: Path) -> Model:
  reader = gguf.GGUFReader(path)

  def number(key: str, otherwise=None):
    field = reader.get_field(f"llama.{key}")
    return otherwise if field is None else field.contents()

  heads, kv_heads = number("attention.head_count"), number("attention.head_count_kv")
  weights = {}
  for tensor in reader.tensors:
    name = hugging_face_name(tensor.name)
    values = gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
    if name.endswith("q_proj.weight"):
      values = separated(values, heads)
    if name.endswith("k_proj.weight"):
      values = separated(values, kv_heads)
    weights[name] = values
  return Model(
    blocks=number("block_count"), heads=heads, kv_heads=kv_heads,
    head_dim=number("attention.key_length", number("embedding_length") // heads),
    norm_epsilon=number("attention.layer_norm_rms_epsilon"), rope_base=number("rope.freq_base"),
    weights=weights)


def hugging_face_name(name: str) -> str:
  if name in OUTER_NAMES:
    return OUTER_NAMES[name]
  _, block, rest = name.split(".", 2)
  stem, kind = rest.rsplit(".", 1)
  return f"model.layers.{block}.{BLOCK_NAMES[stem]}.{kind}"


def separated(rows: np.ndarray, heads: int) -> np.ndarray:
  """From GGUF's order, which has rotary pairs side by side, to feature i paired with i + half."""
  half = rows.shape[0] // heads // 2
  return rows.reshape(heads, half, 2, -1).swapaxes(1, 2).reshape(rows.shape)


def interleaved(rows: np.ndarray, heads: int) -> np.ndarray:
  """The inverse of `separated`."""
  half = rows.shape[0] // heads // 2
  return rows.reshape(heads, 2, half, -1).swapaxes(1, 2).reshape(rows.shape)
