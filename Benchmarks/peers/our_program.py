"""The command `lookahead`, run as its users run it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


class Failure(Exception):
  """What the command said when it failed, in one sentence."""


@dataclass(frozen=True)
class Arithmetic:
  """How the command computes: `--matmul` and, unless it is the command's choice, `--kv-cache`."""

  matmul: str
  kv_cache: str | None = None

  @property
  def options(self) -> list[str]:
    cache = ["--kv-cache", self.kv_cache] if self.kv_cache else []
    return ["--matmul", self.matmul, *cache]

  @property
  def name(self) -> str:
    return f"{self.matmul}, {self.kv_cache} cache" if self.kv_cache else self.matmul


class OurProgram:
  def __init__(self, binary: Path, threads: int, weights: str | None):
    """`weights` is handed on as `--weights`: how the command keeps weights in memory."""
    self.binary = binary
    self.threads = threads
    self.common = ["--threads", str(threads)] + (["--weights", weights] if weights else [])
    # Presets of OpenBLAS must not decide what is measured.
    self.environment = {
      name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")
    }

  def run(self, *arguments: str) -> dict:
    """Runs the command with --json."""
    command = [str(self.binary), *arguments, "--json"]
    done = subprocess.run(
      command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=self.environment)
    if done.returncode != 0:
      lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
      raise Failure(f"`lookahead {arguments[0]}`: {lines[0]}")
    return json.loads(done.stdout)

  def prompt_ids(self, model: Path, prompt: dict) -> list[int]:
    """The tokens of one line of a prompt file, its chat template applied."""
    kind = ["--chat"] if prompt["chat"] else []
    return self.run("tokenize", "-m", str(model), *kind, "-p", prompt["prompt"])["ids"]

  def generate(
    self, model: Path, prompt: list[int], count: int, arithmetic: Arithmetic, *options: str
  ) -> dict:
    """At most `count` tokens, ended by an end-of-sequence token."""
    ids = ",".join(map(str, prompt))
    return self.run(
      "generate", "-m", str(model), "--prompt-ids", ids, "-n", str(count), *self.common,
      *arithmetic.options, *options)

  def generate_plainly(
    self, model: Path, prompt: list[int], count: int, arithmetic: Arithmetic, *options: str
  ) -> dict:
    """The same, one token a pass."""
    return self.generate(
      model, prompt, count, arithmetic, "--decoding", "autoregressive", *options)

  def bench(
    self, model: Path, rows: list[int], cached: int, repeats: int, arithmetic: Arithmetic
  ) -> dict:
    """What passes cost over so many rows behind `cached` tokens, with the logits of all rows."""
    return self.run(
      "bench", "-m", str(model), "--rows", ",".join(map(str, rows)), "--context", str(cached),
      "--repeat", str(repeats), *self.common, *arithmetic.options)

  def forward(
    self, model: Path, tokens: list[int], folder: Path, arithmetic: Arithmetic, *options: str
  ) -> dict:
    """Makes `folder`, a trace of one pass over a text, with the logits of all rows or the given."""
    return self.run(
      "forward", "-m", str(model), "--tokens", ",".join(map(str, tokens)), "--out", str(folder),
      *self.common, *arithmetic.options, *options)


def milliseconds_of_passes(report: dict, matmul: str) -> dict[int, float]:
  """Medians by number of rows, from a report of `bench`."""
  [path] = [path for path in report["paths"] if path["matmul"] == matmul]
  return {entry["rows"]: entry["milliseconds"]["median"] for entry in path["passes"]}
