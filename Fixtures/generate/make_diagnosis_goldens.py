"""Texts of an engine with mistakes: the engine of examples/diagnose-an-engine on the fixture model.

  python make_diagnosis_goldens.py [--model PATH --prompts FILE --out FILE --tokens N --limit N]

Writes golden/tiny-llama/diagnosis.json: for every prompt of the example, every bug, mistake of model and
prompt, and arithmetic, the plain and the speculative tokens, and the steps, with what was wrong. Cases whose
tokens a mistake does not change are left out. With --model another model's, for scripts.
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "examples" / "diagnose-an-engine"
sys.path.insert(0, str(EXAMPLE))

import prompt_ids  # noqa: E402
from decode import read_prompts  # noqa: E402
from drafting import Lookup  # noqa: E402
from engine import BUGS, Engine  # noqa: E402
from model import ARITHMETICS, MISTAKES, Model  # noqa: E402
from showing import LAST, LOOKUPS, PENALTY  # noqa: E402


def cases(model_path: Path, prompt_file: Path, tokens: int, limit: int):
  prompts = read_prompts(prompt_file, model_path)[:limit]
  right = {
    prompt.name: prompt_ids.of_text(model_path, prompt.text, prompt.chat, None)
    for prompt in prompts}
  references = {}

  def run(model: Model, wrong: str | None, arithmetic: str, bug: str | None, mistake: str | None):
    look_up = LOOKUPS.get(bug, Lookup())
    penalty = PENALTY if bug == "penalty-sees-drafts" else 1.0
    engine = Engine(
      model, tokens, look_up, repeat_penalty=penalty, repeat_last_n=LAST, bug=bug)
    for prompt in prompts:
      if mistake in prompt_ids.OF_TEMPLATE and not prompt.chat:
        continue
      ids = prompt_ids.of_text(model_path, prompt.text, prompt.chat, mistake)
      plain = engine.plain(ids)
      speculative, steps = engine.speculative(ids)
      if wrong is None and penalty == 1:
        references.setdefault(prompt.name, plain)
      changed = plain != speculative if bug else plain != references[prompt.name]
      if wrong and not changed:
        continue
      yield {
        "id": prompt.name, "chat": prompt.chat, "prompt": right[prompt.name], "text": prompt.text,
        "wrong": wrong, "arithmetic": arithmetic, "penalty": penalty,
        "lookup": [look_up.max_ngram, look_up.length, look_up.branches],
        "plain": plain, "speculative": speculative, "steps": steps}

  for arithmetic in ARITHMETICS:
    yield from run(Model(model_path, arithmetic), None, arithmetic, None, None)
  model = Model(model_path)
  for bug in BUGS:
    yield from run(model, bug, "float32", bug, None)
  for mistake in prompt_ids.MISTAKES:
    yield from run(model, mistake, "float32", None, mistake)
  for mistake in MISTAKES:
    yield from run(Model(model_path, mistake=mistake), mistake, "float32", None, None)


def main() -> int:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("--model", type=Path, default=ROOT / "Fixtures" / "tiny-llama")
  parser.add_argument(
    "--out", type=Path, default=ROOT / "Fixtures" / "golden" / "tiny-llama" / "diagnosis.json")
  parser.add_argument("--prompts", type=Path, default=EXAMPLE / "prompts.jsonl")
  parser.add_argument("--tokens", type=int, default=64)
  parser.add_argument("--limit", type=int, default=100, help="prompts")
  options = parser.parse_args()
  lines = [
    json.dumps(case, separators=(",", ":"))
    for case in cases(options.model, options.prompts, options.tokens, options.limit)]
  options.out.write_text("[\n" + ",\n".join(lines) + "\n]\n")
  return 0


if __name__ == "__main__":
  sys.exit(main())
