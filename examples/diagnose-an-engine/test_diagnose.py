"""What `lookahead diagnose` says of the engine: each bug by its name, and none where only rounding differs."""

import importlib.util
import json
import sys
import tempfile
import unittest
from pathlib import Path

if not importlib.util.find_spec("transformers"):
  print("transformers is not installed in this Python environment: nothing is tested.")
  sys.exit(0)

import decode
import prompt_ids
from drafting import Lookup
from engine import BUGS, Engine
from model import ARITHMETICS, Model
from showing import LAST, LOOKUPS, PENALTY

import command

FIXTURE = Path(__file__).parents[2] / "Fixtures/tiny-llama"
TOKENS = 64


def diagnose(engine: Engine, prompt: list[int], asked: decode.Prompt, *options: str) -> dict | None:
  """What is said of a prompt with the engine's steps; None where the bug does not show."""
  plain = engine.plain(prompt)
  speculative, steps = engine.speculative(prompt)
  if engine.bug and plain == speculative:
    return None
  with tempfile.TemporaryDirectory() as folder:
    files = {"plain": plain, "speculative": speculative}
    arguments = []
    for name, tokens in files.items():
      path = Path(folder) / name
      path.write_text(json.dumps(tokens))
      arguments += [f"--{name}", path]
    if engine.bug:
      path = Path(folder) / "steps"
      path.write_text("".join(json.dumps(step) + "\n" for step in steps))
      arguments += ["--steps", path]
    if engine.repeat_penalty != 1:
      arguments += ["--repeat-penalty", engine.repeat_penalty, "--repeat-last-n", LAST]
    done = command.run(
      "diagnose", "--model", FIXTURE, "-p", asked.text, *([] if asked.chat else ["--raw"]),
      *arguments, "--json", *options)
    return json.loads(done.stdout)


class Diagnoses(unittest.TestCase):
  @classmethod
  def setUpClass(cls):
    cls.model = Model(FIXTURE)
    cls.prompts = {
      prompt: prompt_ids.of_text(FIXTURE, prompt.text, prompt.chat)
      for prompt in decode.read_prompts(Path(__file__).with_name("prompts.jsonl"), FIXTURE)}

  def test_every_bug_is_named(self):
    for bug in BUGS:
      with self.subTest(bug=bug):
        penalty = PENALTY if bug == "penalty-sees-drafts" else 1.0
        engine = Engine(self.model, TOKENS, LOOKUPS.get(bug, Lookup()), penalty, LAST, bug)
        found = 0
        for prompt, ids in self.prompts.items():
          said = diagnose(engine, ids, prompt, "--precision", "float32")
          if said is None:
            continue
          found += 1
          # Of mistakes that make the very same text each is a right answer.
          near = [
            other["id"] for other in said["alternatives"]
            if "cause" in said and other["gain"] > said["cause"]["gain"] - 3]
          self.assertIn(bug, [said.get("cause", {}).get("id"), *near], (prompt.name, said))
          if found == 3:
            break
        self.assertGreater(found, 0)

  def test_rounding_is_no_bug(self):
    for arithmetic in ARITHMETICS:
      engine = Engine(Model(FIXTURE, arithmetic), TOKENS)
      for prompt, ids in list(self.prompts.items())[:4]:
        with self.subTest(arithmetic=arithmetic, prompt=prompt.name):
          said = diagnose(engine, ids, prompt)
          self.assertIn(said["verdict"], ("same", "near-tie", "arithmetic-depends-on-rows"), said)


if __name__ == "__main__":
  unittest.main(verbosity=2)
