"""Sweeps of engines that are there, and what `lookahead sweep --read` says of them.

On the fixture model always, on SmolLM2 where scripts/fetch-model.sh has fetched it.
"""

import http.server
import importlib.util
import json
import shutil
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import numpy as np

import openai_rows
import sweep_files

sys.path.append(str(Path(__file__).parents[1] / "check-a-backend"))
import check
import command

PROMPT = "Once upon a time there was a little dog. The dog"


def needs(module: str):
  return unittest.skipUnless(
    importlib.util.find_spec(module), f"{module} is not installed in this Python environment")


class OwnProgram:
  """`lookahead forward` as the engine: exact arithmetic, one process a pass."""

  def __init__(self, model: Path, folder: Path):
    self.model, self.folder, self.text = model, folder, []

  def begin(self, prefix: list[int]) -> None:
    self.text = list(prefix)

  def forward(self, tokens: list[int], positions: list[int], mask: list[list[int]]) -> np.ndarray:
    import safetensors.numpy
    (self.folder / "mask.json").write_text(json.dumps(mask))
    command.run(
      "forward", "--tokens", joined(tokens), "--positions", joined(positions), "--mask",
      self.folder / "mask.json", "--prefix-tokens", joined(self.text), "--model", self.model,
      "--out", self.folder / "pass", "--force")
    self.text += tokens
    last = sorted((self.folder / "pass").glob("*.safetensors"))[-1]
    return safetensors.numpy.load_file(last)["logits"]


class Spoilt:
  """An engine that rounds otherwise from so many rows in a pass on, and as it is given otherwise."""

  def __init__(self, engine, rows: int, change):
    self.engine, self.rows, self.change = engine, rows, change
    self.begin = engine.begin

  def forward(self, tokens: list[int], positions: list[int], mask: list[list[int]]) -> np.ndarray:
    logits = self.engine.forward(tokens, positions, mask)
    return self.change(logits) if len(tokens) >= self.rows else logits


class Recorded:
  """An engine that repeats what was written of passes of one row."""

  def __init__(self, folder: Path):
    plan = sweep_files.read(folder)
    self.logits, self.first = np.load(folder / "rows-1.npy"), len(plan["prefix"])

  def begin(self, prefix: list[int]) -> None:
    pass

  def forward(self, tokens: list[int], positions: list[int], mask: list[list[int]]) -> np.ndarray:
    return self.logits[positions[0] - self.first:][:len(tokens)]


def joined(numbers: list[int]) -> str:
  return ",".join(map(str, numbers))


class SweepCase:
  """The tests, of one model."""

  path: Path

  def setUp(self):
    temporary = tempfile.TemporaryDirectory()
    self.addCleanup(temporary.cleanup)
    self.base = Path(temporary.name)
    self.folder = self.base / "sweep"

  def make(self, *options: str) -> dict:
    command.run(
      "sweep", "--raw", "-p", PROMPT, "--model", self.path, "--out", self.folder, *options)
    return sweep_files.read(self.folder)

  def found(self) -> dict:
    done = command.run("sweep", "--read", self.folder, "--model", self.path, "--json")
    found = json.loads(done.stdout)
    self.assertEqual(done.returncode, 0 if found["verdict"] == "independent" else 1)
    return found

  def assert_all_rows_compared(self, found: dict, plan: dict) -> None:
    self.assertEqual(
      [figures["rows"] for figures in found["figures"]],
      [sweep["rows"] for sweep in plan["sweeps"][1:]])
    for figures in found["figures"]:
      self.assertEqual(figures["compared"], len(plan["continuation"]))
    self.assertEqual(found["not_read"], [])

  @needs("torch")
  def test_transformers_is_judged_by_its_bits(self):
    from transformers_rows import TransformersRows
    plan = self.make()
    sweep_files.run(self.folder, TransformersRows(self.path))
    found = self.found()
    self.assert_all_rows_compared(found, plan)
    alone = np.load(self.folder / "rows-1.npy")
    for figures in found["figures"]:
      other = np.load(self.folder / f"rows-{figures['rows']}.npy")
      differing = (alone.view(np.uint32) != other.view(np.uint32)).any(axis=1)
      self.assertEqual(figures["different"], int(differing.sum()))
      choices = alone.argmax(axis=1) != other.argmax(axis=1)
      self.assertEqual([flip["row"] for flip in figures["flips"]], np.flatnonzero(choices).tolist())


class FixtureModel(SweepCase, unittest.TestCase):
  path = check.FIXTURE

  def test_exact_arithmetic_does_not_depend_on_rows_and_planted_faults_do(self):
    plan = self.make("--rows", "2,4", "-n", "6")
    sweep_files.run(self.folder, OwnProgram(self.path, self.base))
    found = self.found()
    self.assert_all_rows_compared(found, plan)
    self.assertEqual((found["verdict"], found["other_than_text"]), ("independent", 0))

    def nudged(logits: np.ndarray) -> np.ndarray:
      return np.nextafter(logits, np.float32(np.inf))

    def turned(logits: np.ndarray) -> np.ndarray:
      return -logits

    for change, verdict in ((nudged, "values"), (turned, "choices")):
      with self.subTest(change=change.__name__):
        sweep_files.run(self.folder, Spoilt(Recorded(self.folder), 3, change))
        found = self.found()
        self.assertEqual((found["verdict"], found["values_change_from"]), (verdict, 4))
        # The last pass of four rows has two, so its rows are as they were.
        self.assertEqual([figures["different"] for figures in found["figures"]], [0, 4])

  @needs("torch")
  def test_a_server_is_asked_for_log_probabilities(self):
    plan = self.make("--rows", "2,8", "-n", "12")
    with FakeServer(self.path) as server:
      openai_rows.run(self.folder, openai_rows.Server(server.url, "m", 5))
      made = server.made
    found = self.found()
    self.assertFalse(found["compares_bits"])
    self.assert_all_rows_compared(found, plan)
    self.assertLess(max(figures["largest"] for figures in found["figures"]), 1e-4)
    self.assertEqual(made, 1 + 6 + 2)

  @needs("torch")
  def test_a_server_that_scores_prompts_otherwise_is_found(self):
    self.make("--rows", "4", "-n", "8")
    with FakeServer(self.path, scale=1.001) as server:
      openai_rows.run(self.folder, openai_rows.Server(server.url, "m", 5))
    found = self.found()
    self.assertEqual((found["verdict"], found["values_change_from"]), ("values", 4))
    self.assertIn("listed log-probabilities change from 4 rows on", found["sentence"])

  @needs("torch")
  def test_a_server_that_makes_another_text_is_asked_again(self):
    plan = self.make("--rows", "4", "-n", "8")
    with FakeServer(self.path, wrong={len(plan["prefix"]) + 3}) as server:
      openai_rows.run(self.folder, openai_rows.Server(server.url, "m", 5))
    found = self.found()
    # The row before the wrong token is known; that of the token itself was read with the prompt.
    self.assertEqual(found["figures"][0]["compared"], 7)

  @needs("torch")
  def test_servers_without_ids_and_errors_are_said(self):
    self.make("--rows", "4", "-n", "4")
    with FakeServer(self.path, names=str) as server:
      with self.assertRaisesRegex(SystemExit, "lists no log-probabilities by token id"):
        openai_rows.run(self.folder, openai_rows.Server(server.url, "m", 5))
      with self.assertRaisesRegex(SystemExit, "answers 404"):
        openai_rows.run(self.folder, openai_rows.Server(server.url + "/none", "m", 5))
    with self.assertRaisesRegex(SystemExit, "gives no completion"):
      openai_rows.run(self.folder, openai_rows.Server(server.url, "m", 5))

  def test_answers_of_other_forms_are_read(self):
    chat = {"logprobs": {"content": [
      {"id": 3, "token": "a", "logprob": -1, "top_logprobs": [{"id": 3, "logprob": -1}]}]}}
    self.assertEqual(openai_rows.entries(chat, []), ([3], [{3: -1}]))
    vllm = {
      "logprobs": {"tokens": ["token_id:7"], "top_logprobs": [{"token_id:7": -0.5}]},
      "prompt_logprobs": [None, {"5": {"logprob": -2, "rank": 1}}]}
    self.assertEqual(openai_rows.entries(vllm, [4, 5]), ([4, 5, 7], [None, {5: -2}, {7: -0.5}]))

  def test_a_folder_without_a_sweep_is_said(self):
    with self.assertRaisesRegex(SystemExit, "There is no .*sweep.json: `lookahead sweep"):
      sweep_files.read(self.folder)


@unittest.skipUnless(
  check.fetched_model().exists(), "SmolLM2 is not there; `make model` fetches it")
class SmolLM2(SweepCase, unittest.TestCase):
  path = check.fetched_model()

  @needs("llama_cpp")
  def test_llama_cpp_is_judged_by_its_bits(self):
    from llama_cpp_rows import LlamaCppRows
    plan = self.make()
    sweep_files.run(self.folder, LlamaCppRows(self.path))
    found = self.found()
    self.assert_all_rows_compared(found, plan)
    # The same passes once more give the same bits: nothing else than the rows makes a difference.
    again = self.base / "again"
    shutil.copytree(self.folder, again)
    sweep_files.run(again, LlamaCppRows(self.path))
    for sweep in plan["sweeps"]:
      name = f"rows-{sweep['rows']}.npy"
      self.assertEqual((self.folder / name).read_bytes(), (again / name).read_bytes(), name)


class FakeServer:
  """OpenAI's completions, as far as they are asked for here, by transformers."""

  def __init__(self, model: Path, scale: float = 1, wrong: set[int] = frozenset(), names=None):
    from transformers_rows import TransformersRows
    self.engine, self.scale, self.wrong = TransformersRows(model), scale, wrong
    self.names = names or (lambda token: f"token_id:{token}")
    self.made = 0
    fake = self

    class Handler(http.server.BaseHTTPRequestHandler):
      def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/completions":
          return self.send_error(404)
        answer = json.dumps(fake.answer(body)).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

      def log_message(self, *_):
        pass

    self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

  def __enter__(self):
    self.thread = threading.Thread(target=self.server.serve_forever)
    self.thread.start()
    return self

  def __exit__(self, *_):
    self.server.shutdown()
    self.server.server_close()
    self.thread.join()

  def answer(self, body: dict) -> dict:
    """The prompt in one pass, then a token a pass."""
    self.made += 1
    engine, prompt, count = self.engine, body["prompt"], body["logprobs"]
    engine.behind_prefix = None
    engine.begin([])
    text = list(prompt)
    logits = engine.forward(prompt, list(range(len(prompt))), [])
    scale = self.scale if body["echo"] else 1
    listed = [None, *(self.listed(row * scale, count) for row in logits)]
    for made in range(body["max_tokens"]):
      if made:
        logits = engine.forward([text[-1]], [len(text) - 1], [])
        listed.append(self.listed(logits[-1], count))
      order = np.argsort(-logits[-1], kind="stable")
      text.append(int(order[1 if len(text) in self.wrong else 0]))
    first = 0 if body["echo"] else len(prompt)
    return {"choices": [{"logprobs": {
      "tokens": [self.names(token) for token in text[first:]],
      "token_logprobs": [None] * (len(text) - first), "top_logprobs": listed[first:],
    }}]}

  def listed(self, logits: np.ndarray, count: int) -> dict[str, float]:
    shifted = logits.astype(np.float64) - logits.max()
    values = shifted - np.log(np.exp(shifted).sum())
    return {
      self.names(int(token)): float(values[token])
      for token in np.argsort(-values, kind="stable")[:count]}


if __name__ == "__main__":
  unittest.main(verbosity=2)
