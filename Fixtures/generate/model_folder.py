"""Writes a model as a Hugging Face folder: config.json, generation_config.json and the weights."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

_PLAIN_KEYS = [
  "attention_bias", "bos_token_id", "eos_token_id", "head_dim", "hidden_act", "hidden_size",
  "initializer_range", "intermediate_size", "max_position_embeddings", "mlp_bias",
  "num_attention_heads", "num_hidden_layers", "num_key_value_heads", "pad_token_id",
  "rms_norm_eps", "tie_word_embeddings", "vocab_size",
]


def write_json(path: Path, value) -> None:
  path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def settings(config: LlamaConfig, dtype: str, rope: dict, omitted: frozenset[str]) -> dict:
  """The content of config.json; `rope` has the rotary keys in the spelling the folder is to use."""
  values = {
    key: getattr(config, key) for key in _PLAIN_KEYS
    if key not in omitted and getattr(config, key) is not None
  }
  values |= {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": dtype}
  return dict(sorted((values | rope).items()))


def write_configuration(
  folder: Path, config: LlamaConfig, dtype: str, rope: dict, omitted: frozenset[str] = frozenset()
) -> None:
  """Writes both configurations; `omitted` names keys that a reader has to fill in by itself."""
  folder.mkdir(parents=True, exist_ok=True)
  write_json(folder / "config.json", settings(config, dtype, rope, omitted))
  generation = {
    key: getattr(config, key) for key in ("bos_token_id", "eos_token_id", "pad_token_id")
    if getattr(config, key) is not None
  }
  write_json(folder / "generation_config.json", generation)


def write_weights(
  folder: Path, model: LlamaForCausalLM, dtype: torch.dtype = torch.float32, shards: int = 1
) -> None:
  """Writes the tensors in one safetensors file, or in several with an index.

  A tied output head is left out, as Hugging Face does.
  """
  tensors = {
    name: tensor.detach().to(dtype).contiguous() for name, tensor in model.state_dict().items()
    if not (name == "lm_head.weight" and model.config.tie_word_embeddings)
  }
  if shards == 1:
    _write_shard(folder / "model.safetensors", tensors)
    return
  weight_map = {}
  names = list(tensors)
  for shard in range(shards):
    file_name = f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
    # Dealt out in turn, so that every block's tensors lie in several files.
    part = {name: tensors[name] for name in names[shard::shards]}
    _write_shard(folder / file_name, part)
    weight_map |= {name: file_name for name in part}
  size = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
  index = {"metadata": {"total_size": size}, "weight_map": dict(sorted(weight_map.items()))}
  write_json(folder / "model.safetensors.index.json", index)


def _write_shard(path: Path, tensors: dict[str, torch.Tensor]) -> None:
  save_file(tensors, path, metadata={"format": "pt"})
  path.chmod(0o644)
