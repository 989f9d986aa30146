"""Writes what Hugging Face transformers computes for the fixture models, layer by layer.

  python make_goldens.py [--output ..]

Float32, eager attention, CPU, one thread; README.md has the schema. Every float32 result is held
against float64_llama.py, so that neither can be wrong alone.
"""

import argparse
import random as random_module
from dataclasses import dataclass, field
from pathlib import Path

import float64_llama
import gguf_model
import lookahead_pass
import torch
from safetensors.torch import save_file
from transformers import DynamicCache, LlamaForCausalLM

SEED = 301
FOLDERS = {
  # folder: rows of the causal case, rows of each scattered case
  "tiny-llama": (32, 24), "tiny-sentencepiece": (16, 12), "tiny-llama3": (16, 12),
  "tiny-bf16-shards": (16, 12), "tiny-f16": (16, 12),
}
GGUF_ROWS = 12
# The largest difference seen between float32 and float64 logits is far below; beyond it, a formula
# differs.
AGREEMENT = 5e-4


@dataclass
class Case:
  """One forward pass: `mask` is Bool [rows, cached + rows]; the cache is a causal prefill."""

  tokens: list[int]
  positions: list[int]
  mask: torch.Tensor
  cached: list[int] = field(default_factory=list)


def causal(rows: int, vocabulary: int, random) -> Case:
  tokens = [random.randrange(vocabulary) for _ in range(rows)]
  return Case(tokens, list(range(rows)), torch.ones(rows, rows, dtype=torch.bool).tril())


def lookahead(vocabulary: int, random) -> Case:
  """A whole lookahead pass: W = 5, N = 4, two candidates, after twenty cached tokens."""
  cached = [random.randrange(vocabulary) for _ in range(20)]
  roles = lookahead_pass.roles([5, 5, 5], candidate_count=2, ngram_size=4)
  return Case(
    [random.randrange(vocabulary) for _ in roles],
    [len(cached) + lookahead_pass.offset_of(role) for role in roles],
    lookahead_pass.visible(roles, len(cached)), cached)


def scattered(rows: int, cached_count: int, vocabulary: int, random) -> Case:
  """Random visible sets over rows at random distinct positions, in no order.

  Every row sees itself and the whole cache; a visible key may stand later than its query.
  """
  own = [[q == k or random.random() < 0.4 for k in range(rows)] for q in range(rows)]
  mask = torch.cat(
    [torch.ones(rows, cached_count, dtype=torch.bool), torch.tensor(own)], dim=1)
  return Case(
    [random.randrange(vocabulary) for _ in range(rows)],
    random.sample(range(cached_count, 200), rows), mask,
    [random.randrange(vocabulary) for _ in range(cached_count)])


def cases(name: str, vocabulary: int) -> dict[str, Case]:
  causal_rows, rows = FOLDERS[name]
  random = random_module.Random(f"{SEED} {name}")
  return {
    "causal": causal(causal_rows, vocabulary, random),
    "lookahead": lookahead(vocabulary, random),
    "scattered": scattered(rows, 0, vocabulary, random),
    "scattered-cached": scattered(rows, 16, vocabulary, random),
  }


@torch.no_grad()
def run(model: LlamaForCausalLM, case: Case) -> dict[str, torch.Tensor]:
  """The embedding's output, every block's output and the logits."""
  cache = DynamicCache(config=model.config)
  if case.cached:
    model(input_ids=torch.tensor([case.cached]), past_key_values=cache, use_cache=True)
  hidden = {}
  watched = [model.model.embed_tokens, *model.model.layers]
  hooks = [
    module.register_forward_hook(
      lambda _, __, output, i=i: hidden.update({
        f"hidden.{i}": (output if torch.is_tensor(output) else output[0]).reshape(
          len(case.tokens), -1).clone()
      }))
    for i, module in enumerate(watched)
  ]
  logits = model(
    input_ids=torch.tensor([case.tokens]), position_ids=torch.tensor([case.positions]),
    attention_mask=lookahead_pass.additive(case.mask), past_key_values=cache, use_cache=True,
  ).logits[0]
  for hook in hooks:
    hook.remove()
  return {**hidden, "logits": logits}


def run_float64(model: LlamaForCausalLM, case: Case) -> torch.Tensor:
  """Cached tokens and rows in one pass: the cache is only a matter of speed."""
  cached = len(case.cached)
  rows = cached + len(case.tokens)
  mask = torch.ones(rows, rows, dtype=torch.bool).tril()
  mask[cached:] = case.mask
  positions = list(range(cached)) + case.positions
  return float64_llama.logits(model, case.cached + case.tokens, positions, mask)[cached:]


def checked(model: LlamaForCausalLM, case: Case, label: str) -> dict[str, torch.Tensor]:
  results = run(model, case)
  results["logits64"] = run_float64(model, case)
  difference = (results["logits"].double() - results["logits64"]).abs().max().item()
  size = results["logits64"].abs().max().item()
  print(f"{label}: |logit| up to {size:.1f}, float32 off by {difference:.1e}")
  if difference > AGREEMENT:
    raise ValueError(f"{label}: float32 and float64 logits differ by {difference}")
  return results


def described(case: Case) -> dict[str, torch.Tensor]:
  tensors = {
    "tokens": torch.tensor(case.tokens, dtype=torch.int32),
    "positions": torch.tensor(case.positions, dtype=torch.int32),
    "mask": case.mask.to(torch.uint8),
  }
  if case.cached:
    tensors["cached_tokens"] = torch.tensor(case.cached, dtype=torch.int32)
  return tensors


def write(path: Path, tensors: dict[str, torch.Tensor]) -> None:
  path.parent.mkdir(parents=True, exist_ok=True)
  save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)
  path.chmod(0o644)


def gguf_goldens(root: Path) -> None:
  """Causal logits of every GGUF file, from the tensors that the `gguf` package decodes."""
  tensors = {}
  for path in sorted((root / "gguf").glob("*.gguf")):
    model = gguf_model.load(path)
    model.set_attn_implementation("eager")
    if path.stem == "llama3":
      # The file states the scaling as divisors, which gguf_model does not read; the folder does.
      model.config.rope_parameters = load_folder(root / "tiny-llama3").config.rope_parameters
      model = rebuilt(model)
    case = causal(GGUF_ROWS, model.config.vocab_size, random_module.Random(f"{SEED} {path.stem}"))
    results = checked(model, case, path.name)
    tensors[f"{path.stem}.tokens"] = described(case)["tokens"]
    tensors[f"{path.stem}.logits"] = results["logits"]
    tensors[f"{path.stem}.logits64"] = results["logits64"]
  write(root / "golden" / "gguf" / "logits.safetensors", tensors)


def rebuilt(model: LlamaForCausalLM) -> LlamaForCausalLM:
  """The same weights under a configuration that was changed after loading."""
  fresh = LlamaForCausalLM(model.config)
  fresh.load_state_dict(model.state_dict())
  fresh.set_attn_implementation("eager")
  return fresh.eval()


def load_folder(folder: Path) -> LlamaForCausalLM:
  return LlamaForCausalLM.from_pretrained(
    folder, dtype=torch.float32, attn_implementation="eager").eval()


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  root = parser.parse_args().output
  torch.set_num_threads(1)
  for name in FOLDERS:
    model = load_folder(root / name)
    for kind, case in cases(name, model.config.vocab_size).items():
      results = checked(model, case, f"{name} {kind}")
      write(root / "golden" / name / f"{kind}.safetensors", described(case) | results)
  gguf_goldens(root)


if __name__ == "__main__":
  main()
