"""Traces as `lookahead compare` reads them: docs/trace-format.md."""

import json
import shutil
from pathlib import Path

import numpy as np
import safetensors.numpy

Tensors = dict[str, np.ndarray]


def read(folder: Path) -> dict:
  return json.loads((folder / "trace.json").read_text())


def visible_matrix(traced_pass: dict) -> np.ndarray:
  """What each row of a traced pass sees, bool [rows, cached + rows]."""
  cached, rows = traced_pass["cachedCount"], traced_pass["rows"]
  visible = np.zeros((len(rows), cached + len(rows)), bool)
  for index, row in enumerate(rows):
    for first, end in row["visible"]["cached"]:
      visible[index, first:end] = True
    visible[index, [cached + key for key in row["visible"]["rows"]]] = True
  return visible


def visible_keys(seen: np.ndarray, cached: int) -> dict:
  """A row of such a matrix in the words of a trace."""
  return {
    "cached": [[int(key), int(key) + 1] for key in np.flatnonzero(seen[:cached])],
    "rows": [int(key) for key in np.flatnonzero(seen[cached:])],
  }


def write_tensors(path: Path, tensors: Tensors) -> None:
  contiguous = {name: np.ascontiguousarray(values) for name, values in tensors.items()}
  safetensors.numpy.save_file(contiguous, path)


class TraceWriter:
  """Writes a trace. Of a pass only its tensors must be known; what else is given is compared."""

  def __init__(self, folder: Path, prompt: list[int]):
    self.folder, self.passes = folder, []
    self.document = {
      "format": "lookahead-trace", "schema": 1, "prompt": prompt, "passes": self.passes}
    if (folder / "trace.json").exists():
      shutil.rmtree(folder)
    folder.mkdir(parents=True)

  def add(self, tensors: Tensors, **facts) -> None:
    """Adds a pass; `tensors` have all its rows."""
    file = f"pass-{len(self.passes):05d}.safetensors"
    write_tensors(self.folder / file, tensors)
    rows = list(range(len(tensors["logits"])))
    self.passes.append({"file": file, "logitRows": rows} | facts)

  def finish(self, **facts) -> None:
    """Adds what is known of the whole run, and writes the trace down."""
    (self.folder / "trace.json").write_text(json.dumps(self.document | facts))
