"""Writes golden/tiny-llama/greedy.json: what greedy decoding of the fixture model gives.

  python make_greedy.py [--output ..]

By Hugging Face transformers in float32, eager attention, one thread. The keys are those of
golden/smollm2/greedy-hf.json, so that one test reads both. `lookahead` says how many tokens a pass
of lookahead decoding settles there, by the decoder of lookahead_pass.py.
"""

import argparse
from pathlib import Path

import torch
import transformers
from lookahead_pass import LookaheadDecoder
from make_goldens import load_folder
from model_folder import write_json
from transformers import AutoTokenizer

COUNT = 128
# A correct float32 implementation errs by about 1e-5, so that this margin decides every token.
LEAST_MARGIN = 0.002
LOOKAHEAD_SETTINGS = [(5, 4, 5), (7, 5, 7), (3, 3, 3)]
LEAST_TOKENS_PER_PASS = 1.5  # for the first of the settings, over all prompts
QUESTIONS = {
  "fox": "Tell me a story about a fox.",
  "dragon": "Tell me a story about a dragon.",
  "mouse": "Write a short story about a mouse and a horse.",
  "add": "Write a Python function that adds two numbers.",
  "count": "Count to ten.",
  "list": "List five animals.",
  "bear": "What does the bear eat?",
  "poem": "Write a poem about a cat.",
  "unknown": "Why is the sky blue?",
}
RAW_PROMPTS = {"raw-story": "Once upon a time there was a duck.", "raw-code": "def multiply(a, b):"}


@torch.no_grad()
def greedy(model, ids: list[int], count: int) -> tuple[list[int], torch.Tensor]:
  """`count` tokens after `ids`, whatever they are, and the logits they were chosen from."""
  output = model.generate(
    torch.tensor([ids]), attention_mask=torch.ones(1, len(ids)), max_new_tokens=count,
    min_new_tokens=0, do_sample=False, eos_token_id=None, return_dict_in_generate=True,
    output_logits=True)
  return output.sequences[0, len(ids) :].tolist(), torch.cat(output.logits)


def stopped(ids: list[int], stop: list[int]) -> list[int]:
  """`ids` up to and including the first token of `stop`."""
  end = next((i + 1 for i, token in enumerate(ids) if token in stop), len(ids))
  return ids[:end]


def record(model, tokenizer, name: str, prompt: str, is_chat: bool) -> dict:
  text = tokenizer.apply_chat_template(
    [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True,
  ) if is_chat else prompt
  ids = tokenizer(text, add_special_tokens=False)["input_ids"]
  output, logits = greedy(model, ids, COUNT)
  best, tokens = logits.topk(10)
  margins = (best[:, 0] - best[:, 1]).tolist()
  short = stopped(output, model.generation_config.eos_token_id)
  lookahead = {}
  for setting in LOOKAHEAD_SETTINGS:
    outcome = LookaheadDecoder(model, *setting, seed=0).generate(ids, COUNT)
    if outcome.tokens != output:
      raise ValueError(f"{name}: lookahead {setting} departs from greedy decoding")
    lookahead["W{}-N{}-G{}".format(*setting)] = {
      "passes": outcome.passes, "tokens_per_pass": round(outcome.tokens_per_pass, 4)}
  if min(margins) < LEAST_MARGIN:
    raise ValueError(f"{name}: a margin of {min(margins)} leaves the token to rounding")
  print(f"{name}: margin {min(margins):.4f}", *(v["tokens_per_pass"] for v in lookahead.values()))
  return {
    "name": name, "prompt": prompt, "chat": is_chat, "prompt_text": text, "prompt_ids": ids,
    "output_ids": short, "output_ids_ignore_eos": output,
    "output_text": tokenizer.decode(short, skip_special_tokens=False),
    "first_logits_top10": [[t, v] for t, v in zip(tokens[0].tolist(), best[0].tolist())],
    "margins": [round(margin, 5) for margin in margins], "min_margin": min(margins),
    "min_margin_step": margins.index(min(margins)), "lookahead": lookahead,
  }


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  root = parser.parse_args().output
  torch.set_num_threads(1)
  model = load_folder(root / "tiny-llama")
  tokenizer = AutoTokenizer.from_pretrained(root / "tiny-llama")
  prompts = [(name, text, True) for name, text in QUESTIONS.items()]
  prompts += [(name, text, False) for name, text in RAW_PROMPTS.items()]
  records = [record(model, tokenizer, *prompt) for prompt in prompts]
  means = {}
  for key in records[0]["lookahead"]:
    passes = sum(entry["lookahead"][key]["passes"] for entry in records)
    means[key] = round(COUNT * len(records) / passes, 4)
  print(means)
  if next(iter(means.values())) < LEAST_TOKENS_PER_PASS:
    raise ValueError(f"lookahead settles too few tokens a pass: {means}")
  write_json(root / "golden" / "tiny-llama" / "greedy.json", {
    "description": "Greedy decoding of Fixtures/tiny-llama with Hugging Face transformers on CPU "
    "in float32, eager attention. output_ids stop at the first end-of-sequence id and include it; "
    "output_ids_ignore_eos continue to 128 tokens. margins are top-1 minus top-2 logit at each "
    "step of output_ids_ignore_eos. lookahead counts the passes of lookahead decoding over the "
    "same 128 tokens, warm-up included.",
    "torch": torch.__version__, "transformers": transformers.__version__,
    "eos_token_ids": model.generation_config.eos_token_id, "max_new_tokens": COUNT,
    "tokens_per_pass": means, "prompts": records,
  })


if __name__ == "__main__":
  main()
