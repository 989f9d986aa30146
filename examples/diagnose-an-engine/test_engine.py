"""The engine on the fixture model: right without a bug, wrong with each."""

import importlib.util
import json
import subprocess
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

HERE = Path(__file__).parent
FIXTURE = HERE.parents[1] / "Fixtures/tiny-llama"
PROMPTS = HERE / "prompts.jsonl"
TOKENS = 64
# What a bug needs to show at all, or on more prompts; --branches and the like of decode.py.
LOOKUPS = {
  "wrong-branch": Lookup(branches=3), "sibling-mask": Lookup(branches=3),
  "past-end": Lookup(branches=4),
}
PENALTIES = {"penalty-sees-drafts": 1.3}


def engine(model: Model, bug: str | None, **others) -> Engine:
  """An engine with this bug, set up so that it can show."""
  settings = {
    "look_up": LOOKUPS.get(bug, Lookup()), "repeat_penalty": PENALTIES.get(bug, 1.0)} | others
  return Engine(model, TOKENS, bug=bug, **settings)


def prompts_of(path: Path) -> dict[str, list[int]]:
  return {
    prompt.name: prompt_ids.of_text(path, prompt.text, prompt.chat)
    for prompt in decode.read_prompts(PROMPTS, path)}


def differing(model: Model, prompts: dict[str, list[int]], bug: str) -> list[str]:
  """The prompts on which a bug shows in the tokens."""
  right, wrong = engine(model, None, repeat_penalty=PENALTIES.get(bug, 1.0)), engine(model, bug)
  return [
    name for name, prompt in prompts.items() if wrong.speculative(prompt)[0] != right.plain(prompt)]


class Drafts(unittest.TestCase):
  def test_the_longest_match_is_first_then_the_newest(self):
    text = [1, 2, 3, 9, 2, 3, 4, 5, 3, 7, 1, 2, 3]
    self.assertEqual(Lookup(length=2)(text), [[9, 2]])
    self.assertEqual(Lookup(branches=5, length=2)(text), [[9, 2], [4, 5], [7, 1]])
    self.assertEqual(Lookup(max_ngram=2, length=2)(text), [[4, 5]])
    self.assertEqual(Lookup(max_ngram=1, oldest_first=True)(text), [[9, 2, 3, 4, 5]])

  def test_a_match_may_overlap_the_end_and_a_draft_be_short(self):
    self.assertEqual(Lookup()([7, 7, 7]), [[7]])
    self.assertEqual(Lookup(max_ngram=1)([5, 6, 5]), [[6, 5]])
    self.assertEqual(Lookup()([5, 6, 7]), [])
    self.assertEqual(Lookup()([5]), [])


class FixtureModel(unittest.TestCase):
  @classmethod
  def setUpClass(cls):
    cls.model, cls.prompts = Model(FIXTURE), prompts_of(FIXTURE)

  def test_without_a_bug_both_give_the_same_tokens(self):
    for look_up in (Lookup(), Lookup(branches=3), Lookup(2, 2, 8, oldest_first=True)):
      for penalty in (1.0, 1.3):
        right = engine(self.model, None, look_up=look_up, repeat_penalty=penalty)
        for name, prompt in self.prompts.items():
          with self.subTest(prompt=name, look_up=look_up, penalty=penalty):
            tokens, steps = right.speculative(prompt)
            self.assertEqual(tokens, right.plain(prompt))
            taken = [token for step in steps for token in [*step["accepted"], step["next"]]]
            self.assertEqual(tokens[1:], taken[:len(tokens) - 1])

  def test_every_bug_shows_in_the_tokens(self):
    for bug in BUGS:
      with self.subTest(bug=bug):
        self.assertTrue(differing(self.model, self.prompts, bug))

  def test_every_arithmetic_decodes(self):
    for arithmetic in ARITHMETICS:
      with self.subTest(arithmetic=arithmetic):
        tokens, _ = engine(Model(FIXTURE, arithmetic), None).speculative(
          next(iter(self.prompts.values())))
        self.assertTrue(tokens)

  def test_another_model_has_other_tokens(self):
    for mistake, changes in [("rope-base", True), ("bf16-weights", None)]:
      other = engine(Model(FIXTURE, mistake=mistake), None)
      for name, prompt in self.prompts.items():
        with self.subTest(prompt=name, mistake=mistake):
          self.assertEqual(other.speculative(prompt)[0], other.plain(prompt))

  def test_mistakes_about_a_prompt(self):
    def ids(mistake: str | None) -> list[int]:
      return prompt_ids.of_text(FIXTURE, "Hello!", True, mistake)

    right = ids(None)
    self.assertEqual(ids("first-token-missing"), right[1:])
    self.assertEqual(ids("first-token-doubled"), [right[0], *right])
    self.assertEqual(ids("no-template"), prompt_ids.of_text(FIXTURE, "Hello!", False))
    without = ids("no-generation-prompt")
    self.assertEqual(without + prompt_ids.encoded(FIXTURE, prompt_ids.ANSWER, "--no-bos"), right)


class Command(unittest.TestCase):
  def test_writes_what_diagnose_reads(self):
    with tempfile.TemporaryDirectory() as folder:
      subprocess.run(
        [sys.executable, HERE / "decode.py", "--model", FIXTURE, "--prompts", PROMPTS, "--tokens",
         "8", "--out", folder], check=True)
      names = [prompt.name for prompt in decode.read_prompts(PROMPTS, FIXTURE)]
      self.assertEqual(sorted(path.name for path in Path(folder).iterdir()), sorted(names))
      for name in names:
        read = {
          file: (Path(folder) / name / file).read_text()
          for file in ("plain.json", "speculative.json", "steps.jsonl")}
        self.assertEqual(json.loads(read["plain.json"]), json.loads(read["speculative.json"]))
        for line in read["steps.jsonl"].splitlines():
          self.assertEqual(set(json.loads(line)), {"drafted", "accepted", "next"})


if __name__ == "__main__":
  unittest.main(verbosity=2)
