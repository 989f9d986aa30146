"""The checks of a backend, the simplest first. Each has `lookahead` record what the model computes,
lets the backend compute the same, and tells where both recordings are, ours first.
"""

import json
from pathlib import Path

import command
import trace_files
from backend import causal
from lookahead_decoder import LookaheadDecoder

WINDOW, NGRAM, CANDIDATES = 5, 4, 5
Recordings = tuple[Path, Path]


class Checks:
  """Of one model and text. Recordings go to `folder`; ours are made once, by `run`."""

  def __init__(
    self, model: Path, blocks: int, prompt: str, tokens: int, folder: Path, run=command.shown
  ):
    self.model, self.prompt, self.tokens = model, prompt, tokens
    self.folder, self.run = folder, run
    # Every hidden state and attention weight, in Double: the judge of rounding.
    self.options = (
      "--reference", "--layers", "--attention", joined(range(1, blocks + 1)), "--model", model)

  def causal(self, backend) -> Recordings:
    """The prompt as plain text: the forward pass without a cache or a mask of its own."""
    asked = command.run("tokenize", "--model", self.model, "-p", self.prompt, "--json")
    tokens = json.loads(asked.stdout)["ids"]
    ours = self.recorded("forward", "causal", "--tokens", joined(tokens))
    tensors = backend.forward(tokens, list(range(len(tokens))), causal(0, len(tokens)))
    return ours, self.written("mine-causal", tensors)

  def one_pass(self, backend) -> Recordings:
    """The largest pass of lookahead decoding: its tokens, positions and mask behind a cache."""
    trace = self.trace()
    document = trace_files.read(trace)
    traced = max(document["passes"][1:], key=lambda traced: len(traced["rows"]))
    cached = traced["cachedCount"]
    text = (document["prompt"] + document["tokens"])[:cached]
    backend.forward(text, list(range(cached)), causal(0, cached))
    backend.keep(list(range(cached)))
    tensors = backend.forward(*rows_of(traced), trace_files.visible_matrix(traced))
    # Ours has logits where they decide something.
    tensors["logits"] = tensors["logits"][traced["logitRows"]]
    return trace / traced["file"], self.written("mine-pass", tensors)

  def every_pass(self, backend, count: int | None = None) -> Recordings:
    """All passes, or the first `count`, one after the other: the cache between them too."""
    trace = self.trace()
    document = trace_files.read(trace)
    writer = trace_files.TraceWriter(self.folder / "mine-every-pass", document["prompt"])
    for traced in document["passes"][:count]:
      tensors = backend.forward(*rows_of(traced), trace_files.visible_matrix(traced))
      backend.keep(traced["acceptedRows"])
      writer.add(tensors)
    writer.finish()
    return trace, writer.folder

  def decoder(self, backend, decoder=LookaheadDecoder) -> Recordings:
    """The backend's own lookahead decoder, which has to make the same passes by itself."""
    trace = self.trace()
    document = trace_files.read(trace)
    # The first window is drawn from the prompt; any draw will do, so the decoder takes ours.
    first_window = [
      row["token"] for row in document["passes"][0]["rows"] if row["role"] == "window"]
    decoding = decoder(backend, NGRAM, CANDIDATES, first_window)
    writer = trace_files.TraceWriter(self.folder / "mine-decoder", document["prompt"])
    tokens = []
    for decided in decoding.generate(document["prompt"], self.tokens):
      writer.add(decided.pop("tensors"), **decided)
      tokens += [answer["token"] for answer in decided["selected"]]
    writer.finish(tokens=tokens)
    return trace, writer.folder

  def trace(self) -> Path:
    return self.recorded(
      "trace", "trace", "--raw", "-p", self.prompt, "-n", self.tokens, "--ignore-eos",
      "--policy", "lade", "-W", WINDOW, "-N", NGRAM, "-G", CANDIDATES)

  def recorded(self, kind: str, name: str, *options) -> Path:
    """Ours."""
    folder = self.folder / name
    if not folder.exists():
      self.run(kind, *options, *self.options, "--out", folder)
    return folder

  def written(self, name: str, tensors: trace_files.Tensors) -> Path:
    path = self.folder / f"{name}.safetensors"
    trace_files.write_tensors(path, tensors)
    return path


def rows_of(traced: dict) -> tuple[list[int], list[int]]:
  """Tokens and positions."""
  return [row["token"] for row in traced["rows"]], [row["position"] for row in traced["rows"]]


def joined(numbers) -> str:
  return ",".join(map(str, numbers))
