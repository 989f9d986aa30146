"""Random small configurations of each family, as transformers has them."""

from random import Random

from transformers import (
  Gemma2Config, Gemma3TextConfig, GraniteConfig, GraniteMoeHybridConfig, LlamaConfig,
  MinistralConfig, MistralConfig, Olmo2Config, Phi3Config, Qwen2Config, Qwen3Config,
  SmolLM3Config)

VOCABULARY = 264


def _sizes(random: Random, derived: bool) -> dict:
  """Sizes of a model; where the size of a head is derived, they divide the hidden size."""
  kv_heads = random.choice([1, 1, 2, 3])
  heads = kv_heads * random.choice([1, 2, 3])
  head_dim = random.choice([4, 6, 8, 10])
  sizes = {
    "vocab_size": random.choice([33, 50, 64]), "num_hidden_layers": random.choice([1, 2, 3]),
    "num_attention_heads": heads, "num_key_value_heads": kv_heads,
    "hidden_size": heads * head_dim if derived else heads * random.choice([3, 5, 7, 8]),
    "intermediate_size": random.choice([7, 13, 24, 33]), "max_position_embeddings": 128,
    "rms_norm_eps": random.choice([1e-5, 1e-6]), "bos_token_id": 1, "eos_token_id": 2,
    "pad_token_id": 0, "tie_word_embeddings": random.random() < 0.5,
  }
  return sizes if derived else sizes | {"head_dim": head_dim}


def _theta(random: Random) -> float:
  return random.choice([500.0, 10_000.0, 1_000_000.0])


def _plain_rope(random: Random) -> dict:
  return {"rope_type": "default", "rope_theta": _theta(random)}


def _scaled_rope(random: Random) -> dict:
  rope = _plain_rope(random)
  kind = random.choice(["default", "linear", "dynamic", "llama3", "yarn"])
  if kind == "default":
    return rope
  rope |= {"rope_type": kind, "factor": random.choice([2.0, 4.0, 8.0])}
  if kind == "llama3":
    rope |= {"low_freq_factor": 1.0, "high_freq_factor": 4.0}
  if kind in ("llama3", "yarn"):
    rope["original_max_position_embeddings"] = random.choice([16, 32])
  if kind == "yarn" and random.random() < 0.5:
    rope |= {"beta_fast": random.choice([4.0, 16.0]), "beta_slow": random.choice([0.5, 2.0])}
  if kind == "yarn" and random.random() < 0.3:
    rope["attention_factor"] = 1.25
  return rope


def _windows(random: Random, layers: int) -> list[str]:
  return [random.choice(["full_attention", "sliding_attention"]) for _ in range(layers)]


def llama(random: Random) -> LlamaConfig:
  return LlamaConfig(
    **_sizes(random, random.random() < 0.5), rope_parameters=_scaled_rope(random),
    attention_bias=random.random() < 0.3, mlp_bias=random.random() < 0.3)


def mistral(random: Random) -> MistralConfig | MinistralConfig:
  sizes = _sizes(random, derived=False) | {
    "sliding_window": random.choice([None, 3, 5, 8]), "rope_parameters": _scaled_rope(random)}
  if random.random() < 0.7:
    return MistralConfig(**sizes)
  sizes["sliding_window"] = 4
  return MinistralConfig(**sizes, layer_types=_windows(random, sizes["num_hidden_layers"]))


def qwen2(random: Random) -> Qwen2Config:
  sizes = _sizes(random, derived=True)
  window = {
    "use_sliding_window": True, "sliding_window": random.choice([3, 6]),
    "max_window_layers": random.choice([0, 1]),
  }
  return Qwen2Config(
    **sizes, **(window if random.random() < 0.4 else {}), rope_parameters=_scaled_rope(random))


def qwen3(random: Random) -> Qwen3Config:
  sizes = _sizes(random, derived=False)
  window = {
    "use_sliding_window": True, "sliding_window": random.choice([3, 6]),
    "layer_types": _windows(random, sizes["num_hidden_layers"]),
  }
  return Qwen3Config(
    **sizes, **(window if random.random() < 0.4 else {}), rope_parameters=_scaled_rope(random),
    attention_bias=random.random() < 0.3)


def smollm3(random: Random) -> SmolLM3Config:
  sizes = _sizes(random, derived=True)
  sizes["num_hidden_layers"] = random.choice([2, 4, 5])
  window = {"use_sliding_window": True, "sliding_window": 4}
  return SmolLM3Config(
    **sizes, **(window if random.random() < 0.3 else {}), rope_parameters=_plain_rope(random),
    no_rope_layer_interval=random.choice([2, 3, 4]), attention_bias=random.random() < 0.3,
    mlp_bias=random.random() < 0.3)


def _gemma(random: Random) -> dict:
  return _sizes(random, derived=False) | {
    "query_pre_attn_scalar": random.choice([4, 24, 256]),
    "sliding_window": random.choice([3, 5]),
    "hidden_activation": "gelu_pytorch_tanh", "attention_bias": random.random() < 0.2,
  }


def gemma2(random: Random) -> Gemma2Config:
  return Gemma2Config(
    **_gemma(random), rope_parameters=_plain_rope(random),
    attn_logit_softcapping=random.choice([None, 2.0, 50.0]),
    final_logit_softcapping=random.choice([None, 3.0, 30.0]))


def gemma3(random: Random) -> Gemma3TextConfig:
  sizes = _gemma(random)
  sizes["num_hidden_layers"] = random.choice([2, 3, 4])
  full = _plain_rope(random)
  if random.random() < 0.4:
    full |= {"rope_type": "linear", "factor": 8.0}
  return Gemma3TextConfig(
    **sizes, layer_types=_windows(random, sizes["num_hidden_layers"]),
    final_logit_softcapping=random.choice([None, 5.0]),
    rope_parameters={"full_attention": full, "sliding_attention": _plain_rope(random)})


def olmo2(random: Random) -> Olmo2Config:
  return Olmo2Config(
    **_sizes(random, derived=True), rope_parameters=_plain_rope(random),
    attention_bias=random.random() < 0.3)


def _multipliers(random: Random) -> dict:
  return {
    "embedding_multiplier": random.choice([1.0, 12.0]), "logits_scaling": random.choice([1.0, 8.0]),
    "residual_multiplier": random.choice([1.0, 0.22]),
    "attention_multiplier": random.choice([0.1, 0.0078125, 1.0]),
  }


def granite(random: Random) -> GraniteConfig | GraniteMoeHybridConfig:
  sizes = _sizes(random, derived=True) | _multipliers(random) | {
    "rope_parameters": _plain_rope(random), "attention_bias": random.random() < 0.3}
  if random.random() < 0.6:
    return GraniteConfig(**sizes, mlp_bias=random.random() < 0.3)
  sizes["shared_intermediate_size"] = sizes.pop("intermediate_size")
  return GraniteMoeHybridConfig(
    **sizes | {"attention_bias": False}, num_local_experts=0, position_embedding_type="rope",
    mamba_n_heads=2, mamba_d_head=sizes["hidden_size"], mamba_expand=2,
    layer_types=["attention"] * sizes["num_hidden_layers"])


def phi3(random: Random) -> Phi3Config:
  sizes = _sizes(random, derived=True)
  head_dim = sizes["hidden_size"] // sizes["num_attention_heads"]
  rope = _plain_rope(random)
  if head_dim in (4, 8) and random.random() < 0.6:
    rope["partial_rotary_factor"] = random.choice([0.5, 0.75]) if head_dim == 8 else 0.5
  pairs = int(head_dim * rope.get("partial_rotary_factor", 1.0)) // 2
  original = sizes["max_position_embeddings"]
  if random.random() < 0.5:
    original = 64
    rope |= {
      "rope_type": "longrope",
      "short_factor": [round(random.uniform(1, 2), 3) for _ in range(pairs)],
      "long_factor": [round(random.uniform(2, 9), 3) for _ in range(pairs)],
    }
  return Phi3Config(
    **sizes, sliding_window=random.choice([None, 4]), rope_parameters=rope,
    original_max_position_embeddings=original)


FAMILIES = {
  "llama": llama, "mistral": mistral, "qwen2": qwen2, "qwen3": qwen3, "smollm3": smollm3,
  "gemma2": gemma2, "gemma3": gemma3, "olmo2": olmo2, "granite": granite, "phi3": phi3,
}
