"""Writes what transformers computes for random tiny models of every family.

  python make_families.py [--output ..] [--family qwen3 ...]

For each family families/<family>.json, the configurations and the names and shapes of tensors, and
families/<family>.safetensors, what they compute. Weights are in neither: they follow from a
tensor's name by `values`, which the tests compute too, and are exact in bfloat16.
"""

import argparse
import json
from pathlib import Path
from random import Random

import torch
from family_configs import FAMILIES
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

SEED = 901
MODELS = 20
CACHED, ROWS = 9, 7

_MASK = (1 << 64) - 1


def _hash(name: str) -> int:
  """FNV-1a, 64 bits."""
  state = 0xCBF29CE484222325
  for byte in name.encode():
    state = (state ^ byte) * 0x100000001B3 & _MASK
  return state


def _mixed(state: int) -> int:
  """The output of SplitMix64 for this state."""
  state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _MASK
  state = (state ^ state >> 27) * 0x94D049BB133111EB & _MASK
  return state ^ state >> 31


def values(name: str, shape: tuple[int, ...], gemma: bool) -> torch.Tensor:
  """The weights of a tensor: whole numbers from -127 to 127 over a power of two."""
  count, start = torch.Size(shape).numel(), _hash(name)
  numbers = [
    (_mixed(start + (i + 1) * 0x9E3779B97F4A7C15 & _MASK) >> 40) % 255 - 127 for i in range(count)]
  tensor = torch.tensor(numbers, dtype=torch.float32).reshape(shape)
  if "norm" in name:
    return (tensor / 8).round() / 64 + (0 if gemma else 1)
  if name.endswith(".bias"):
    return tensor / 256
  return tensor / (128 if "embed_tokens" in name else 512)


def build(config) -> torch.nn.Module:
  torch.manual_seed(0)
  model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
  gemma = config.model_type.startswith("gemma")
  with torch.no_grad():
    for name, parameter in parameters(model).items():
      parameter.copy_(values(name, tuple(parameter.shape), gemma))
  return model


def parameters(model) -> dict[str, torch.nn.Parameter]:
  """Every tensor that a file would hold; a tied head is there once."""
  return dict(model.named_parameters())


class Pass:
  """A causal text, then rows at positions of their own that see any of it and each other."""

  def __init__(self, random: Random, vocabulary: int):
    count = CACHED + ROWS
    self.tokens = [random.randrange(vocabulary) for _ in range(count)]
    self.positions = list(range(CACHED)) + random.sample(range(CACHED, CACHED + 14), ROWS)
    self.mask = torch.ones(count, count, dtype=torch.bool).tril()
    for row in range(CACHED, count):
      for key in range(count):
        self.mask[row, key] = row == key or random.random() < 0.5

  def within(self, window: int | None) -> torch.Tensor:
    """The mask with the keys whose position is above `position - window`, as transformers adds it."""
    if window is None:
      return self.mask
    position = torch.tensor(self.positions)
    return self.mask & (position[None, :] > position[:, None] - window)


def additive(mask: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
  lowest = torch.finfo(dtype).min
  return torch.zeros(mask.shape, dtype=dtype).masked_fill(~mask, lowest)[None, None]


@torch.no_grad()
def run(model, tokens, positions, masks) -> tuple[list[torch.Tensor], torch.Tensor]:
  """The residual stream before each block and behind the last, and the logits."""
  hidden = []
  hooks = [
    layer.register_forward_pre_hook(
      lambda _, arguments, named: hidden.append(
        (arguments[0] if arguments else named["hidden_states"])[0].clone()), with_kwargs=True)
    for layer in model.model.layers
  ]
  hooks.append(model.model.norm.register_forward_pre_hook(
    lambda _, arguments: hidden.append(arguments[0][0].clone())))
  logits = model(
    input_ids=torch.tensor([tokens]), position_ids=torch.tensor([positions]),
    attention_mask=masks, use_cache=False).logits[0]
  for hook in hooks:
    hook.remove()
  return hidden, logits


def masks(model, scattered: Pass, dtype: torch.dtype):
  """What the model takes as a mask: one for each type of layer, where it has types."""
  config = model.config
  window = getattr(config, "sliding_window", None)
  has_types = getattr(config, "layer_types", None) is not None
  if has_types and config.model_type not in ("llama", "mistral", "granitemoehybrid", "phi3"):
    return {
      "full_attention": additive(scattered.mask, dtype),
      "sliding_attention": additive(scattered.within(window), dtype),
    }
  return additive(scattered.within(window), dtype)


def goldens(model, random: Random) -> tuple[dict[str, torch.Tensor], dict[str, float]]:
  """Hidden states in float32, logits in float64 rounded once, and what float32 loses of each."""
  scattered = Pass(random, model.config.vocab_size)
  tokens = scattered.tokens
  results = {
    "tokens": torch.tensor(tokens, dtype=torch.int32),
    "positions": torch.tensor(scattered.positions, dtype=torch.int32),
    "mask": scattered.mask.to(torch.uint8),
  }
  losses = {}
  texts = {
    # Transformers' own masks, windows and all.
    "causal": (list(range(len(tokens))), lambda dtype: None),
    "scattered": (scattered.positions, lambda dtype: masks(model, scattered, dtype)),
  }
  for name, (positions, mask) in texts.items():
    hidden, logits = run(model.float(), tokens, positions, mask(torch.float32))
    _, exact = run(model.double(), tokens, positions, mask(torch.float64))
    model.float()
    if name == "causal":
      results |= {f"hidden.{i}": state for i, state in enumerate(hidden)}
    results[f"{name}.logits"] = exact.float()
    losses[name] = (logits.double() - exact).abs().max().item()
  return results, losses


def pattern(types: list[str]) -> int | None:
  """The number n for which every n-th layer, and no other, has no window."""
  for n in range(1, 7):
    rule = ["sliding_attention" if (i + 1) % n else "full_attention" for i in range(len(types))]
    if types == rule:
      return n
  return None


def older(config: dict) -> dict:
  """Keys as transformers 4 writes them: of rotation, and of Gemma's layers, where a rule tells them."""
  if config["model_type"] == "gemma2":
    del config["layer_types"]
  if config["model_type"] == "gemma3_text" and (found := pattern(config["layer_types"])):
    del config["layer_types"]
    config["sliding_window_pattern"] = found
  rope = dict(config.pop("rope_parameters"))
  if "full_attention" in rope:
    local = rope["sliding_attention"]
    rope = dict(rope["full_attention"])
    config["rope_local_base_freq"] = local["rope_theta"]
  config["rope_theta"] = rope.pop("rope_theta")
  if "partial_rotary_factor" in rope:
    config["partial_rotary_factor"] = rope.pop("partial_rotary_factor")
  config["rope_scaling"] = None if rope["rope_type"] == "default" else rope
  return config


def settings(config, is_older: bool) -> dict:
  stated = json.loads(config.to_json_string())
  for key in ("architectures", "transformers_version", "dtype"):
    stated.pop(key, None)
  # With default values left out, as transformers writes a file; type and sizes are always there.
  return older(stated) if is_older else stated


def write_family(root: Path, family: str) -> None:
  random = Random(f"{SEED} {family}")
  listed, tensors = [], {}
  for index in range(MODELS):
    config = FAMILIES[family](random)
    model = build(config)
    results, losses = goldens(model, random)
    for name, loss in losses.items():
      largest = results[f"{name}.logits"].abs().max().item()
      print(f"{family} {index} {name}: |logit| {largest:.2f}, float32 off by {loss:.1e}")
    listed.append({
      "losses": losses, "config": settings(config, is_older=index % 2 == 1),
      "tensors": {name: list(p.shape) for name, p in parameters(model).items()},
    })
    tensors |= {f"{index}.{name}": tensor.contiguous() for name, tensor in results.items()}
  folder = root / "families"
  folder.mkdir(exist_ok=True)
  lines = ",\n".join(json.dumps(entry) for entry in listed)
  (folder / f"{family}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
  save_file(tensors, folder / f"{family}.safetensors")
  (folder / f"{family}.safetensors").chmod(0o644)


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  parser.add_argument("--family", nargs="+", choices=list(FAMILIES), default=list(FAMILIES))
  arguments = parser.parse_args()
  torch.set_num_threads(1)
  for family in arguments.family:
    write_family(arguments.output, family)


if __name__ == "__main__":
  main()
