"""Drafts by prompt lookup: what followed the last tokens when they stood in the text before."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lookup:
  branches: int = 1
  max_ngram: int = 3
  length: int = 5
  oldest_first: bool = False

  def __call__(self, text: list[int]) -> list[list[int]]:
    """Longest match first, of equally long ones the newest; no two begin with the same token."""
    found = []
    for n in range(self.max_ngram, 0, -1):
      # An occurrence ends before the text does, so at least one token follows.
      starts = range(len(text) - n)
      for start in starts if self.oldest_first else reversed(starts):
        draft = text[start + n:start + n + self.length]
        if text[start:start + n] == text[-n:] and draft[0] not in [other[0] for other in found]:
          found.append(draft)
          if len(found) == self.branches:
            return found
    return found
