"""An engine to be diagnosed: writes its plain and its speculative tokens of a prompt, or of many."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import prompt_ids
from drafting import Lookup
from engine import BUGS, Engine
from model import ARITHMETICS, MISTAKES, Model


@dataclass(frozen=True)
class Prompt:
  """`name` is the folder within --out; a chat goes through the template."""

  name: str
  text: str
  chat: bool


def read_prompts(file: Path, model: Path) -> list[Prompt]:
  """One JSON object a line: id, prompt, chat; with a field "model" only for models called so."""
  entries = [json.loads(line) for line in file.read_text().splitlines()]
  return [
    Prompt(entry["id"], entry["prompt"], entry["chat"]) for entry in entries
    if model.resolve().name.lower().startswith(entry.get("model", ""))]


def write(folder: Path, engine: Engine, prompt: list[int], plain_only: bool = False) -> None:
  folder.mkdir(parents=True, exist_ok=True)
  (folder / "plain.json").write_text(json.dumps(engine.plain(prompt)) + "\n")
  if not plain_only:
    tokens, steps = engine.speculative(prompt)
    (folder / "speculative.json").write_text(json.dumps(tokens) + "\n")
    (folder / "steps.jsonl").write_text("".join(json.dumps(step) + "\n" for step in steps))


def parse() -> argparse.Namespace:
  parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
    epilog="bugs:\n" + "".join(f"  {name:26}{meaning}\n" for name, meaning in BUGS.items()))
  parser.add_argument("--model", type=Path, required=True, help="a GGUF file or folder")
  prompt = parser.add_mutually_exclusive_group(required=True)
  prompt.add_argument("-p", "--prompt", metavar="TEXT")
  prompt.add_argument("--prompt-ids", metavar="IDS", help="token ids, such as 1,2,3")
  prompt.add_argument("--prompts", type=Path, metavar="FILE", help="many, each into --out/ID")
  parser.add_argument("--raw", action="store_true", help="without the chat template")
  parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
  parser.add_argument("--tokens", type=int, default=64, metavar="N")
  parser.add_argument("--repeat-penalty", type=float, default=1.0, metavar="X")
  parser.add_argument("--repeat-last-n", type=int, default=64, metavar="N", help="tokens it sees")
  parser.add_argument("--plain-only", action="store_true")
  drafts = parser.add_argument_group("drafts, with the names that they have in lookahead diagnose")
  drafts.add_argument("--branches", type=int, default=1, metavar="B", help="how many a pass has")
  drafts.add_argument("--lookup-length", type=int, default=3, metavar="N", help="looked up at most")
  drafts.add_argument("--draft-length", type=int, default=5, metavar="N", help="of each at most")
  drafts.add_argument("--oldest", action="store_true", help="the oldest match first, not the newest")
  wrong = parser.add_argument_group("what is wrong")
  wrong.add_argument("--bug", choices=BUGS, metavar="NAME", help="one of those below")
  wrong.add_argument("--arithmetic", choices=ARITHMETICS, default="float32")
  wrong.add_argument("--prompt-mistake", choices=prompt_ids.MISTAKES)
  wrong.add_argument("--model-mistake", choices=MISTAKES)
  options = parser.parse_args()
  if options.bug in ("wrong-branch", "sibling-mask") and options.branches < 2:
    parser.error(f"{options.bug} takes --branches 2.")
  if options.bug == "penalty-sees-drafts" and options.repeat_penalty == 1:
    parser.error("penalty-sees-drafts takes a --repeat-penalty.")
  if options.prompt_mistake in prompt_ids.OF_TEMPLATE and (options.raw or options.prompt_ids):
    parser.error(f"{options.prompt_mistake} is a mistake about the chat template.")
  return options


def main() -> int:
  options = parse()
  model, mistake = options.model, options.prompt_mistake
  if options.prompts:
    prompts = {
      prompt.name: prompt_ids.of_text(model, prompt.text, prompt.chat, mistake)
      for prompt in read_prompts(options.prompts, model)}
  elif options.prompt_ids:
    ids = [int(token) for token in options.prompt_ids.split(",")]
    prompts = {"": prompt_ids.with_first(ids, mistake)}
  else:
    prompts = {"": prompt_ids.of_text(model, options.prompt, not options.raw, mistake)}
  engine = Engine(
    Model(model, options.arithmetic, options.model_mistake), options.tokens,
    Lookup(options.branches, options.lookup_length, options.draft_length, options.oldest),
    options.repeat_penalty, options.repeat_last_n, options.bug)
  for name, ids in prompts.items():
    write(options.out / name, engine, ids, options.plain_only)
  return 0


if __name__ == "__main__":
  sys.exit(main())
