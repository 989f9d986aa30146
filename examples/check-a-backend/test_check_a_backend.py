"""All checks of all backends, and what `lookahead compare` says of each planted bug.

On the fixture model always, on SmolLM2 where scripts/fetch-model.sh has fetched it.
"""

import importlib.util
import tempfile
import unittest
from pathlib import Path

import backend
import bugs
import check
import command
import quantised
import trace_files
import weights
from checks import Checks

FLOAT32 = ("--precision", "float32")


def needs(module: str):
  return unittest.skipUnless(
    importlib.util.find_spec(module), f"{module} is not installed in this Python environment")


class CheckCase:
  """The tests, of one model."""

  path: Path

  @classmethod
  def setUpClass(cls):
    cls.temporary = tempfile.TemporaryDirectory()
    cls.addClassCleanup(cls.temporary.cleanup)
    cls.model = weights.load(cls.path)
    cls.checks = Checks(
      cls.path, cls.model.blocks, *check.text_for(cls.path), Path(cls.temporary.name), command.run)
    cls.passes = trace_files.read(cls.checks.trace())["passes"]

  def assert_rounding(self, recordings, precision: str, *options: str) -> None:
    found = command.compare(*recordings, *options)
    self.assertTrue(found["agrees"], found["sentence"])
    self.assertEqual((found["verdict"], found["precision"]), ("rounding", precision))
    self.assertEqual(found["discrete"], [])

  def test_float32_in_numpy_differs_by_its_rounding(self):
    checks = self.checks
    for run in (checks.causal, checks.one_pass, checks.every_pass, checks.decoder):
      self.assert_rounding(run(backend.Backend(self.model)), "float32")

  def test_bf16_in_numpy_differs_by_its_rounding(self):
    for run in (self.checks.causal, self.checks.one_pass):
      self.assert_rounding(run(backend.BF16Backend(self.model)), "bf16")

  @needs("torch")
  def test_float32_in_transformers_differs_by_its_rounding(self):
    for run in (self.checks.causal, self.checks.one_pass, self.checks.decoder):
      self.assert_rounding(run(check.make("transformers", self.path, self.model)), "float32")

  @needs("torch")
  def test_bf16_in_transformers_differs_by_its_rounding(self):
    for run in (self.checks.causal, self.checks.one_pass):
      made = check.make("transformers-bf16", self.path, self.model)
      self.assert_rounding(run(made), "bf16")

  def test_bugs_of_a_forward_pass_are_located(self):
    places = self.places()
    self.assertEqual({*places, "candidate-order"}, set(bugs.BUGS))
    for name, place in places.items():
      with self.subTest(bug=name):
        # What comes behind the place cannot move it.
        run = self.checks.every_pass(bugs.BUGS[name](self.model), count=place[0] + 1)
        found = command.compare(*run, *FLOAT32)
        self.assertEqual(found["verdict"], "bug", found["sentence"])
        self.assertNotIn("cause", found)
        at = found["finding"]["location"]
        self.assertEqual((at["pass"], at["tensor"], at["row"]), place, found["sentence"])
        if name == "mask-cell":
          self.assertEqual(at["key"], self.passes[place[0]]["cachedCount"] + 1)
          self.assertEqual(found["finding"]["rows"], [place[2]])

  def places(self) -> dict[str, tuple[int, str, int]]:
    """Pass, tensor and row at which each bug comes to light first."""
    seen = trace_files.visible_matrix
    mask_cell = next(
      index for index, traced in enumerate(self.passes)
      if traced["cachedCount"] and not seen(traced)[-1, traced["cachedCount"] + 1])
    stale = next(
      index for index, traced in enumerate(self.passes)
      if traced["acceptedRows"] != list(range(len(traced["acceptedRows"]))))
    return {
      "mask-cell": (mask_cell, "attention.1", len(self.passes[mask_cell]["rows"]) - 1),
      "position": (1, "attention.1", 0),
      "stale-cache-row": (stale + 1, "attention.1", 0),
      # The first row stands at position 0 and sees only itself: there is nothing to be wrong.
      "rope-base": (0, "attention.1", 1),
      "qk-order": (0, "attention.1", 1),
      "norm-epsilon": (0, "attention.1", 1),
      "attention-scale": (0, "attention.1", 1),
      "kv-head": (0, "attention.1", 1),
      "gate-and-up": (0, "hidden.1", 0),
      "bf16-sums": (0, "hidden.3", 0),
      "untied-head": (0, "logits", self.passes[0]["logitRows"][0]),
    }

  def test_another_order_of_candidates_is_located(self):
    recordings = self.checks.decoder(backend.Backend(self.model), bugs.BUGS["candidate-order"])
    found = command.compare(*recordings, *FLOAT32)
    first = next(
      index for index, traced in enumerate(self.passes) if len(traced["candidates"]) > 1)
    self.assertEqual((found["cause"]["subject"], found["cause"]["pass"]), ("candidates", first))
    self.assertIn("the same candidates in another order", found["sentence"])
    self.assertNotIn("finding", found)


class FixtureModel(CheckCase, unittest.TestCase):
  path = check.FIXTURE


@unittest.skipUnless(
  check.fetched_model().exists(), "SmolLM2 is not there; `make model` fetches it")
class SmolLM2(CheckCase, unittest.TestCase):
  path = check.fetched_model()

  @needs("llama_cpp")
  def test_llama_cpp_differs_by_the_rounding_of_float32(self):
    from llama_cpp_backend import LlamaCppBackend, float32_version
    expanded = float32_version(self.path)
    folder = Path(self.temporary.name) / "expanded"
    folder.mkdir()
    text = check.text_for(expanded)
    checks = Checks(expanded, self.model.blocks, *text, folder, command.run)
    self.assert_rounding(checks.causal(LlamaCppBackend(expanded)), "float32")


class QuantisedModel(unittest.TestCase):
  """llama.cpp over quantised weights, whose activations it rounds to 8 bits."""

  def compared(self, model: Path, folder: str) -> quantised.Compared:
    from llama_cpp_backend import LlamaCppBackend
    return quantised.compared(model, LlamaCppBackend(model), Path(folder), command.run)

  @needs("llama_cpp")
  def test_llama_cpp_rounds_activations_as_int8_does(self):
    for name in ("q4_0", "q4_1", "q8_0", "k"):
      with self.subTest(format=name), tempfile.TemporaryDirectory() as folder:
        found = self.compared(quantised.FIXTURES / f"quantised-{name}.gguf", folder)
        coarse = command.compare(found.exact, found.engine)
        self.assertTrue(coarse["agrees"], coarse["sentence"])
        self.assertIn(coarse["precision"], ("bf16", "int8"))
        self.assertIn("--matmul int8", coarse["advice"])
        claimed = command.compare(found.exact, found.engine, "--precision", "int8")
        self.assertTrue(claimed["agrees"], claimed["sentence"])
        self.assertFalse(command.compare(found.exact, found.engine, *FLOAT32)["agrees"])
        alike = command.compare(found.int8, found.engine)
        self.assertTrue(alike["agrees"], alike["sentence"])
        self.assertIn(alike["precision"], ("float32", "int8"))
        self.assertLess(found.first_ratio, 1 / 20)
        # Of Q4_1 some activations of later rows fall on the other side of a half.
        if name != "q4_1":
          self.assertEqual(alike["precision"], "float32")
          self.assertLess(found.ratio, 1 / 20)

  @needs("llama_cpp")
  @unittest.skipUnless(
    check.fetched_model().exists(), "SmolLM2 is not there; `make model` fetches it")
  def test_thirty_blocks_carry_some_activations_to_another_integer(self):
    with tempfile.TemporaryDirectory() as folder:
      found = self.compared(check.fetched_model(), folder)
      for ours in (found.exact, found.int8):
        said = command.compare(ours, found.engine)
        self.assertTrue(said["agrees"], said["sentence"])


if __name__ == "__main__":
  unittest.main(verbosity=2)
