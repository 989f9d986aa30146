"""A LLaMA forward pass in float64, without any module of transformers.

Hugging Face computes norms, rotary angles and softmax in float32 even for a float64 model, so the
better judge of rounding is written here: plain formulas over the checkpoint's float32 weights.
"""

import math

import torch
from transformers import LlamaConfig, LlamaForCausalLM


def rotary_frequencies(config: LlamaConfig) -> torch.Tensor:
  """Radians per position, `[head_dim / 2]`, with the configuration's scaling applied."""
  rope = config.rope_parameters
  exponents = torch.arange(0, config.head_dim, 2, dtype=torch.float64) / config.head_dim
  frequencies = rope["rope_theta"] ** -exponents
  kind = rope["rope_type"]
  if kind == "default":
    return frequencies
  if kind == "linear":
    return frequencies / rope["factor"]
  if kind != "llama3":
    raise ValueError(f"no float64 rule for rotary scaling {kind!r}")
  low, high = rope["low_freq_factor"], rope["high_freq_factor"]
  turns = rope["original_max_position_embeddings"] * frequencies / (2 * math.pi)
  smooth = ((turns - low) / (high - low)).clamp(0, 1)
  return frequencies * ((1 - smooth) / rope["factor"] + smooth)


def _rotated(x: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
  """Turns feature i of each head against feature i + head_dim / 2; `x` is [heads, rows, dim]."""
  first, second = x.chunk(2, dim=-1)
  cos, sin = angles.cos(), angles.sin()
  return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


@torch.no_grad()
def logits(
  model: LlamaForCausalLM, tokens: list[int], positions: list[int], mask: torch.Tensor
) -> torch.Tensor:
  """Float64 logits `[rows, vocab]`; `mask` is Bool `[rows, rows]`, row = query."""
  config = model.config
  weights = {name: tensor.double() for name, tensor in model.state_dict().items()}
  angles = torch.tensor(positions, dtype=torch.float64)[:, None] * rotary_frequencies(config)
  heads, kv_heads = config.num_attention_heads, config.num_key_value_heads

  def linear(x: torch.Tensor, name: str) -> torch.Tensor:
    result = x @ weights[f"{name}.weight"].T
    return result + weights[f"{name}.bias"] if f"{name}.bias" in weights else result

  def norm(x: torch.Tensor, name: str) -> torch.Tensor:
    scale = (x.square().mean(-1, keepdim=True) + config.rms_norm_eps).rsqrt()
    return x * scale * weights[f"{name}.weight"]

  def split(x: torch.Tensor, count: int) -> torch.Tensor:
    return x.view(len(tokens), count, config.head_dim).transpose(0, 1)

  x = weights["model.embed_tokens.weight"][tokens]
  for layer in range(config.num_hidden_layers):
    block = f"model.layers.{layer}"
    h = norm(x, f"{block}.input_layernorm")
    q = _rotated(split(linear(h, f"{block}.self_attn.q_proj"), heads), angles)
    k = _rotated(split(linear(h, f"{block}.self_attn.k_proj"), kv_heads), angles)
    v = split(linear(h, f"{block}.self_attn.v_proj"), kv_heads)
    k, v = (t.repeat_interleave(heads // kv_heads, dim=0) for t in (k, v))
    scores = (q @ k.transpose(1, 2)) / math.sqrt(config.head_dim)
    attended = scores.masked_fill(~mask, -math.inf).softmax(-1) @ v
    x = x + linear(attended.transpose(0, 1).flatten(1), f"{block}.self_attn.o_proj")
    h = norm(x, f"{block}.post_attention_layernorm")
    gate = torch.nn.functional.silu(linear(h, f"{block}.mlp.gate_proj"))
    x = x + linear(gate * linear(h, f"{block}.mlp.up_proj"), f"{block}.mlp.down_proj")
  return linear(norm(x, "model.norm"), "lm_head")
