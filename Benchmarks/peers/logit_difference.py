"""How far two programs' logits of the same rows are apart."""

from dataclasses import dataclass, fields

import numpy as np

# Rows that are compared at a time: float64 takes memory.
ROWS = 64


@dataclass(frozen=True)
class LogitDifference:
  # Of logits, absolute; over all of all rows.
  mean: float
  largest: float
  # Kullback-Leibler divergence of the second program's probabilities from the first's, of a row, in
  # nats.
  mean_kl: float
  largest_kl: float
  # The share of rows with the same most probable token.
  same_token: float

  def ratios(self, other: "LogitDifference") -> dict[str, float]:
    """This one's differences over another's."""
    names = [field.name for field in fields(self) if field.name != "same_token"]
    return {name: ratio(getattr(self, name), getattr(other, name)) for name in names}


def ratio(part: float, whole: float) -> float:
  if whole != 0:
    return part / whole
  return 1.0 if part == 0 else float("inf")


def difference(first: np.ndarray, second: np.ndarray) -> LogitDifference:
  """Of arrays [rows, vocabulary]."""
  if first.shape != second.shape:
    raise ValueError(f"Logits of {first.shape} and {second.shape} cannot be compared.")
  means, largest, divergences = [], [], []
  for start in range(0, len(first), ROWS):
    left, right = (logits[start:start + ROWS].astype(np.float64) for logits in (first, second))
    gaps = np.abs(left - right)
    means.append(gaps.mean(axis=1))
    largest.append(gaps.max(axis=1))
    left, right = log_probabilities(left), log_probabilities(right)
    divergences.append((np.exp(left) * (left - right)).sum(axis=1))
  return LogitDifference(
    mean=float(np.concatenate(means).mean()), largest=float(np.concatenate(largest).max()),
    # Rounding can make it less than nothing.
    mean_kl=max(0.0, float(np.concatenate(divergences).mean())),
    largest_kl=max(0.0, float(np.concatenate(divergences).max())),
    same_token=float((first.argmax(axis=1) == second.argmax(axis=1)).mean()))


def log_probabilities(logits: np.ndarray) -> np.ndarray:
  shifted = logits - logits.max(axis=1, keepdims=True)
  return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
