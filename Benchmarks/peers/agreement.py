"""Whether the programs make the same tokens, and where not, by how little."""

from pathlib import Path

from llama_cpp_peer import LlamaCpp
from our_program import Arithmetic
from prompts import PlainTexts

Generated = dict[str, dict]

# The arithmetic that promises the same bits from each version of a file that has the same weights.
EXACT = Arithmetic("exact")


def agreement(texts: PlainTexts, threads: int, context: int) -> dict:
  """Both checks, of the given file and its float32 version."""
  model = texts.model
  expanded = texts.of("F32", EXACT)
  return {
    "llama.cpp": compare_with_llama_cpp(model.file("F32"), texts.ids, expanded, threads, context),
    "F32 version": compare_texts(texts.of(model.given_format, EXACT), expanded),
  }


def compare_with_llama_cpp(
  model: Path, ids: dict[str, list[int]], generated: Generated, threads: int, context: int
) -> dict:
  """Our plain greedy tokens of a float32 file against llama.cpp's, computed in float32 throughout.

  Two correct programs may part where the two largest logits are as good as equal, so the margin at
  the first token that differs is told: the peer's largest logit less its second largest.
  """
  differing = []
  with LlamaCpp(model, threads, context, float32_cache=True) as peer:
    for name, prompt in ids.items():
      ours = generated[name]["output_ids"]
      run = peer.generate(prompt, len(ours), margins=True)
      if run.tokens != ours:
        index = next(i for i, pair in enumerate(zip(ours, run.tokens)) if pair[0] != pair[1])
        differing.append({"prompt": name, "token": index, "margin": run.margins[index]})
  return {"prompts": len(ids), "agreeing": len(ids) - len(differing), "differing": differing}


def compare_texts(left: Generated, right: Generated) -> dict:
  """Our tokens and logits of one version of a model against those of another."""
  keys = ("output_ids", "logits_sha256")
  same = [name for name in left if all(left[name][key] == right[name][key] for key in keys)]
  return {
    "prompts": len(left), "agreeing": len(same),
    "differing": [name for name in left if name not in same],
  }


def sentences(given_format: str, found: dict) -> list[str]:
  """The agreement as text."""
  llama_cpp, versions = found["llama.cpp"], found["F32 version"]
  lines = [
    f"Greedy tokens of the F32 file: {llama_cpp['agreeing']} of {llama_cpp['prompts']} prompts"
    " agree with llama.cpp (float32 cache, no flash attention)."
  ]
  lines += [
    f"  {entry['prompt']}: token {entry['token']} differs, at a margin of {entry['margin']:.5f}"
    for entry in llama_cpp["differing"]
  ]
  lines.append(
    f"Ours, {given_format} file against its F32 version: tokens and logits are the same, bit for"
    f" bit, for {versions['agreeing']} of {versions['prompts']} prompts.")
  return lines
