"""Real engines with and without speculation, and what `lookahead diagnose` says of them.

transformers with drafts looked up in the prompt and from an assistant model, in float32 and BF16; llama.cpp
(llama-cpp-python) with its prompt lookup, over Q4_0 and float32 weights, with a float32 and a float16 cache.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Benchmarks/peers"))

import prompt_ids
import command
from decode import read_prompts

Texts = tuple[list[int], list[int]]


def of_transformers(path: Path, dtype: str, with_assistant: bool, tokens: int) -> Callable:
  import torch
  import transformers

  def load():
    return transformers.AutoModelForCausalLM.from_pretrained(
      path.parent, gguf_file=path.name, dtype=getattr(torch, dtype)).eval()

  model = load()
  drafts = {"assistant_model": load()} if with_assistant else {"prompt_lookup_num_tokens": 10}

  def run(ids: list[int]) -> Texts:
    def generate(**options) -> list[int]:
      asked = torch.tensor([ids])
      answer = model.generate(
        asked, attention_mask=torch.ones_like(asked), do_sample=False, max_new_tokens=tokens,
        temperature=None, top_p=None, top_k=None, **options)
      return answer[0, len(ids):].tolist()

    with torch.inference_mode():
      return generate(), generate(**drafts)

  return run


def of_llama_cpp(path: Path, cache: str, tokens: int) -> Callable:
  import llama_cpp
  from llama_cpp.llama_speculative import LlamaPromptLookupDecoding

  kind = {"float32": llama_cpp.GGML_TYPE_F32, "float16": llama_cpp.GGML_TYPE_F16}[cache]

  def load(**options) -> llama_cpp.Llama:
    return llama_cpp.Llama(
      str(path), n_ctx=1024, n_batch=512, logits_all=True, verbose=False, flash_attn=False,
      type_k=kind, type_v=kind, n_threads=2, **options)

  plain = load()
  speculative = load(
    draft_model=LlamaPromptLookupDecoding(max_ngram_size=2, num_pred_tokens=10))

  def run(ids: list[int]) -> Texts:
    def generate(model: llama_cpp.Llama) -> list[int]:
      output, ends = [], model.token_eos()
      for token in model.generate(ids, temp=0.0, repeat_penalty=1.0, top_k=1):
        output.append(token)
        if token == ends or len(output) == tokens:
          return output
      return output

    return generate(plain), generate(speculative)

  return run


def engines(path: Path, tokens: int) -> dict[str, tuple[Path, Callable]]:
  """By name: the model that is the reference's, and what makes the engine."""
  from model_files import float32_version
  from models import find_model

  quantised = find_model("smollm2").file("Q4_0") if path.is_file() else path
  float32 = float32_version(path)
  return {
    "transformers F32, prompt lookup": (
      path, lambda: of_transformers(path, "float32", False, tokens)),
    "transformers F32, assistant": (path, lambda: of_transformers(path, "float32", True, tokens)),
    "transformers BF16, prompt lookup": (
      path, lambda: of_transformers(path, "bfloat16", False, tokens)),
    "transformers BF16, assistant": (
      path, lambda: of_transformers(path, "bfloat16", True, tokens)),
    "llama.cpp F32, float32 cache": (float32, lambda: of_llama_cpp(float32, "float32", tokens)),
    "llama.cpp F32, float16 cache": (float32, lambda: of_llama_cpp(float32, "float16", tokens)),
    "llama.cpp Q4_0, float32 cache": (
      quantised, lambda: of_llama_cpp(quantised, "float32", tokens)),
    "llama.cpp Q4_0, float16 cache": (
      quantised, lambda: of_llama_cpp(quantised, "float16", tokens)),
  }


def diagnose(model: Path, ids: list[int], texts: Texts, folder: Path) -> dict:
  folder.mkdir(parents=True, exist_ok=True)
  files = [folder / "plain.json", folder / "speculative.json"]
  for file, tokens in zip(files, texts):
    file.write_text(json.dumps(tokens) + "\n")
  asked = command.run(
    "diagnose", "--model", model, "--prompt-ids", ",".join(map(str, ids)), "--plain", files[0],
    "--speculative", files[1], "--json")
  return json.loads(asked.stdout)


def main() -> int:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("--model", type=Path, required=True, help="a GGUF file")
  parser.add_argument(
    "--prompts", type=Path, default=Path(__file__).with_name("prompts.jsonl"))
  parser.add_argument("--limit", type=int, default=20, help="prompts")
  parser.add_argument("--tokens", type=int, default=64)
  parser.add_argument("--only", default="", help="engines whose names have this in them")
  parser.add_argument("--out", type=Path, required=True, help="a folder for the texts")
  options = parser.parse_args()
  prompts = read_prompts(options.prompts, options.model)[:options.limit]
  ids = {
    prompt.name: prompt_ids.of_text(options.model, prompt.text, prompt.chat) for prompt in prompts}
  for name, (model, make) in engines(options.model, options.tokens).items():
    if options.only not in name:
      continue
    run, verdicts, parted = make(), Counter(), 0
    for prompt, tokens in ids.items():
      texts = run(tokens)
      said = diagnose(model, tokens, texts, options.out / name.replace(" ", "-") / prompt)
      cause = said.get("cause") or {}
      verdicts[f"{said['verdict']} {cause.get('id', '')}".strip()] += 1
      parted += "parting" in said
    counts = ", ".join(f"{verdict} {count}" for verdict, count in verdicts.most_common())
    print(f"{name}: plain and speculative differ in {parted} of {len(ids)}; {counts}", flush=True)
  return 0


if __name__ == "__main__":
  sys.exit(main())
