"""A sweep as `lookahead sweep` writes it, and what an engine writes beside it: docs/sweep.md."""

import json
import sys
from pathlib import Path
from typing import Protocol

import numpy as np


class Engine(Protocol):
  """An engine under test."""

  def begin(self, prefix: list[int]) -> None:
    """Makes a cache that holds the prefix and nothing else, in the same way each time."""

  def forward(self, tokens: list[int], positions: list[int], mask: list[list[int]]) -> np.ndarray:
    """One pass behind the cache, whose rows stay there: logits, [rows, vocabulary]."""


def read(folder: Path) -> dict:
  path = folder / "sweep.json"
  if not path.exists():
    sys.exit(f"There is no {path}: `lookahead sweep -p TEXT --out {folder}` makes it.")
  sweep = json.loads(path.read_text())
  if (sweep.get("format"), sweep.get("schema")) != ("lookahead-sweep", 1):
    sys.exit(f"{path} is no sweep of schema 1.")
  return sweep


def run(folder: Path, engine: Engine) -> None:
  """Runs all passes of a sweep and writes the logits of each number of rows."""
  plan = read(folder)
  for sweep in plan["sweeps"]:
    engine.begin(plan["prefix"])
    logits = [
      engine.forward(part["tokens"], part["positions"], part["mask"]) for part in sweep["passes"]]
    write_whole(folder / f"rows-{sweep['rows']}.npy", np.concatenate(logits))
    print(f"{sweep['rows']} rows: {len(logits)} passes", flush=True)


def write_whole(path: Path, values: np.ndarray) -> None:
  """Writes an array; until it is whole the file has another name."""
  partial = path.with_name(f".{path.name}.partial")
  with partial.open("wb") as file:
    np.save(file, np.ascontiguousarray(values))
  partial.replace(path)
