"""What an arithmetic costs in quality, from its logits and those of the exact one."""

from dataclasses import astuple, dataclass, fields

import numpy as np

# Rows that are compared at a time: few, since arrays of float64 that fit a cache are fastest.
ROWS = 16

# What an arithmetic must meet to be a default.
MEAN_KL = 1e-6
PERPLEXITY = 1e-4
SAME_TOKEN = 0.999


@dataclass(frozen=True)
class Places:
  """One number for each place, a row that chooses a token of a text."""

  # Kullback-Leibler divergence of the other's probabilities from the exact ones, in nats.
  kl: np.ndarray
  # Minus the log-probability of the text's token.
  exact_surprise: np.ndarray
  other_surprise: np.ndarray
  same_token: np.ndarray
  # The largest difference, absolute, of a log-probability and of a logit, of all tokens there are.
  log_probability: np.ndarray
  logit: np.ndarray


@dataclass(frozen=True)
class Quality:
  places: int
  mean_kl: float
  largest_kl: float
  exact_perplexity: float
  perplexity: float
  # The other's perplexity over the exact one's, less 1, and the standard error of that.
  perplexity_change: float
  perplexity_change_error: float
  # The share of places with the same most probable token.
  same_token: float
  largest_log_probability_difference: float
  largest_logit_difference: float

  @property
  def is_good_enough(self) -> bool:
    return (
      self.mean_kl < MEAN_KL and abs(self.perplexity_change) <= PERPLEXITY
      and self.same_token >= SAME_TOKEN)


@dataclass(frozen=True)
class Probabilities:
  """Those of some rows, and what they were computed from."""

  logits: np.ndarray
  # Log-probabilities are logits less these, one a row.
  log_totals: np.ndarray
  values: np.ndarray

  @classmethod
  def of(cls, logits: np.ndarray) -> "Probabilities":
    wide = logits.astype(np.float64)
    largest = wide.max(axis=1)
    values = np.exp(wide - largest[:, None])
    totals = values.sum(axis=1)
    values /= totals[:, None]
    return cls(wide, largest + np.log(totals), values)

  def surprise(self, tokens: np.ndarray) -> np.ndarray:
    """Minus the log-probability of one token a row."""
    return self.log_totals - self.logits[np.arange(len(tokens)), tokens]


def places(exact: np.ndarray, others: list[np.ndarray], tokens: list[int]) -> list[Places]:
  """Of each other's logits [rows, vocabulary], and the token that follows each row."""
  for other in others:
    if exact.shape != other.shape or len(tokens) != len(exact):
      raise ValueError(f"{len(tokens)} tokens and logits of {exact.shape} and {other.shape}.")
  parts: list[list[Places]] = [[] for _ in others]
  for start in range(0, len(tokens), ROWS):
    rows = slice(start, start + ROWS)
    followed_by = np.array(tokens[rows])
    reference = Probabilities.of(exact[rows])
    for found, other in zip(parts, others):
      found.append(chunk_places(reference, Probabilities.of(other[rows]), followed_by))
  return [joined(found) for found in parts]


def chunk_places(exact: Probabilities, other: Probabilities, tokens: np.ndarray) -> Places:
  gaps = exact.logits - other.logits
  highest, lowest = gaps.max(axis=1), gaps.min(axis=1)
  # What turns a gap of logits into one of log-probabilities.
  shift = other.log_totals - exact.log_totals
  return Places(
    # Rounding can make it less than nothing.
    kl=np.maximum(np.einsum("ij,ij->i", exact.values, gaps) + shift, 0),
    exact_surprise=exact.surprise(tokens),
    other_surprise=other.surprise(tokens),
    same_token=exact.logits.argmax(axis=1) == other.logits.argmax(axis=1),
    log_probability=np.maximum(highest + shift, -(lowest + shift)),
    logit=np.maximum(highest, -lowest))


def joined(parts: list[Places]) -> Places:
  return Places(*(
    np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Places)))


def quality(found: Places) -> Quality:
  if not all(np.isfinite(numbers).all() for numbers in astuple(found)):
    raise ValueError("Some logits are no finite numbers.")
  changes = found.other_surprise - found.exact_surprise
  return Quality(
    places=len(found.kl),
    mean_kl=float(found.kl.mean()),
    largest_kl=float(found.kl.max()),
    exact_perplexity=float(np.exp(found.exact_surprise.mean())),
    perplexity=float(np.exp(found.other_surprise.mean())),
    perplexity_change=float(np.expm1(changes.mean())),
    # As if places were independent; a ratio near 1 has the error of its logarithm.
    perplexity_change_error=float(changes.std() / np.sqrt(len(changes))),
    same_token=float(found.same_token.mean()),
    largest_log_probability_difference=float(found.log_probability.max()),
    largest_logit_difference=float(found.logit.max()))
