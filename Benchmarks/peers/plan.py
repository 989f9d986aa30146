"""What is measured, beside models and prompts."""

from dataclasses import dataclass

from our_program import Arithmetic

FIGURES = ["plain", "passes", "lengths", "load", "lookup", "agreement"]
# These need a model that makes texts.
TRAINED_FIGURES = ["lookup", "agreement"]

LLAMA_CPP = "llama.cpp"
# Tokens that the peer's prompt lookup drafts a pass: few, and its own default.
DRAFTED = [3, 10]
# Tokens in the cache before a pass over several rows.
CACHED = 128
# Tokens of the prompt after which memory is read, as `lookahead bench` has it.
MEMORY_PROMPT = 512
# Tokens that are made behind a long prompt: passes of one row, of which the mean counts.
BEHIND = 8


@dataclass(frozen=True)
class Plan:
  arithmetics: list[Arithmetic]
  rows: list[int]
  prefills: list[int]
  depths: list[int]
  repeats: int
  # Options of our lookahead decoding.
  lookahead: list[str]

  @property
  def ours(self) -> list[str]:
    return [arithmetic.name for arithmetic in self.arithmetics]

  def context(self, figures: list[str], longest_text: int) -> int:
    """Tokens that llama.cpp has room for: a whole number of its blocks of 256."""
    lengths = [longest_text + max(DRAFTED)]
    if "passes" in figures:
      lengths.append(CACHED + max(self.rows))
    if "lengths" in figures:
      lengths.append(max([1, *self.prefills, *self.depths]) + BEHIND + 1)
    return (max(lengths) // 256 + 1) * 256
