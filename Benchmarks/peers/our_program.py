"""The command `lookahead`, run as its users run it."""

import json
import os
import subprocess
from pathlib import Path


class Failure(Exception):
  """What the command said when it failed, in one sentence."""


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

  def generate(self, model: Path, prompt: list[int], count: int, *options: str) -> dict:
    """At most `count` tokens, ended by an end-of-sequence token."""
    ids = ",".join(map(str, prompt))
    return self.run(
      "generate", "-m", str(model), "--prompt-ids", ids, "-n", str(count), *self.common, *options)

  def has(self, command: str) -> bool:
    """Whether this build has a sub-command; an unknown word would be taken for an option's."""
    help_text = subprocess.run(
      [str(self.binary), "--help"], capture_output=True, text=True, check=True).stdout
    return any(line.split()[:1] == [command] for line in help_text.splitlines())

  def pass_seconds(self, model: Path, rows: list[int], cached: int) -> dict[int, float]:
    """The time of a pass over so many rows after `cached` tokens, with the logits of all rows."""
    report = self.run(
      "bench", "-m", str(model), "--rows", ",".join(map(str, rows)), "--context", str(cached),
      "--matmul", "exact", *self.common)
    [exact] = [path for path in report["paths"] if path["matmul"] == "exact"]
    return {entry["rows"]: entry["milliseconds"]["median"] / 1000 for entry in exact["passes"]}
