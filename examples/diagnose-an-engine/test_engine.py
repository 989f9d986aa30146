"""The engine on the fixture model: right without a bug, wrong with each."""

import functools
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

import torch

import decode
import prompt_ids
from drafting import Lookup
from engine import BUGS, Engine
from model import ARITHMETICS, MISTAKES, Model, causal
from showing import LAST, LOOKUPS, PENALTY

HERE = Path(__file__).parent
FIXTURE = HERE.parents[1] / "Fixtures/tiny-llama"
PROMPTS = HERE / "prompts.jsonl"
TOKENS = 64
# How drafts are made for a bug to show on most of the prompts.
BRANCHES = Lookup(branches=2)


def prompts_of(path: Path) -> dict[str, list[int]]:
  return {
    prompt.name: prompt_ids.of_text(path, prompt.text, prompt.chat)
    for prompt in decode.read_prompts(PROMPTS, path)}


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

  @classmethod
  @functools.cache
  def plain(cls, penalty: float = 1.0) -> list[list[int]]:
    engine = Engine(cls.model, TOKENS, repeat_penalty=penalty, repeat_last_n=LAST)
    return [engine.plain(prompt) for prompt in cls.prompts.values()]

  def test_without_a_bug_both_give_the_same_tokens(self):
    for look_up in (Lookup(), BRANCHES, Lookup(2, 2, 8, oldest_first=True)):
      for penalty in (1.0, PENALTY):
        engine = Engine(self.model, TOKENS, look_up, penalty, LAST)
        for prompt, plain in zip(self.prompts.values(), self.plain(penalty)):
          with self.subTest(prompt=prompt, look_up=look_up, penalty=penalty):
            tokens, steps = engine.speculative(prompt)
            self.assertEqual(tokens, plain)
            taken = [token for step in steps for token in [*step["accepted"], step["next"]]]
            self.assertEqual(tokens[1:], taken[:len(tokens) - 1])

  def test_every_bug_shows_on_most_prompts(self):
    for bug in BUGS:
      with self.subTest(bug=bug):
        penalty = PENALTY if bug == "penalty-sees-drafts" else 1.0
        engine = Engine(
          self.model, TOKENS, LOOKUPS.get(bug, BRANCHES), penalty, LAST, bug)
        wrong = [engine.speculative(prompt)[0] for prompt in self.prompts.values()]
        differing = sum(a != b for a, b in zip(wrong, self.plain(penalty)))
        self.assertGreater(differing, len(wrong) // 2)

  def test_arithmetics_round_differently(self):
    prompt = self.prompts["three-stories"]
    exact, off = self.logits(self.model, prompt), {}
    for arithmetic in ARITHMETICS:
      model = Model(FIXTURE, arithmetic)
      off[arithmetic] = float((self.logits(model, prompt) - exact).abs().mean())
      self.assertEqual(len(Engine(model, 8).speculative(prompt)[0]), 8)
    self.assertEqual(off["float32"], 0)
    self.assertTrue(0 < off["float16-cache"] < off["float16"] < off["bfloat16"], off)

  def test_another_model_computes_something_else_but_the_same_with_drafts(self):
    prompt = self.prompts["times-table"]
    logits = self.logits(self.model, prompt)
    for mistake in MISTAKES:
      with self.subTest(mistake=mistake):
        model = Model(FIXTURE, mistake=mistake)
        self.assertLess(0.001, float((self.logits(model, prompt) - logits).abs().mean()))
        engine = Engine(model, TOKENS)
        self.assertEqual(engine.speculative(prompt)[0], engine.plain(prompt))

  def logits(self, model: Model, prompt: list[int]) -> torch.Tensor:
    rows = list(range(len(prompt)))
    model.clear()
    return model.forward(prompt, rows, causal(len(rows)))

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
