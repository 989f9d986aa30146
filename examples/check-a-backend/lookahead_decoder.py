"""Lookahead decoding, greedy, on top of any backend. docs/algorithm.md explains every step.

Candidates are found by the simplest rule there is, that of the paper's authors (`--policy lade`):
of the n-grams that the window made, the last G that began with the current token.
"""

import numpy as np

from backend import causal
from trace_files import visible_keys

# What a row stands for: ("window", level, column) or ("candidate", number, place).
Role = tuple[str, int, int]
CURRENT: Role = ("window", 0, 0)


def sees(query: Role, key: Role) -> bool:
  """The lookahead mask, whole: whether a row attends to another of its pass."""
  if key == CURRENT or query[0] != key[0]:
    return key == CURRENT
  (kind, a, b), (_, key_a, key_b) = query, key
  if kind == "candidate":
    return key_a == a and key_b <= b
  return key_b <= b if key_a == 0 else key_b == b and key_a <= a


class LookaheadDecoder:
  """N and G as in the paper; W follows from the first window, which has W + N - 3 guesses."""

  def __init__(self, backend, ngram: int, candidates: int, first_window: list[int]):
    self.backend, self.N, self.G = backend, ngram, candidates
    self.levels, self.pool = [first_window], {}

  def generate(self, prompt: list[int], count: int):
    """Yields, pass by pass, the tensors and what was decided in the words of a trace."""
    # The first pass reads the prompt, and behind it the first guesses as if they were text.
    text, end, guesses = list(prompt), len(prompt) - 1, self.levels[0]
    tokens = prompt + guesses
    run = self.run(tokens, list(range(len(tokens))), causal(0, len(tokens)))
    answers, frontier = run["answers"], list(range(end + 1, len(tokens)))
    self.levels = [guesses[1:]] * (self.N > 2) + [[answers[row] for row in frontier]]
    text.append(answers[end])
    yield self.finish(run, [end], list(range(len(prompt))), frontier, [])

    while len(text) < len(prompt) + count:
      # 1. Rows: the current token, the window, the candidates.
      warm = len(self.levels) == self.N - 1
      candidates = self.candidates(text[-1]) if warm else []
      rows = [(CURRENT, text[-1])]
      rows += [(("window", level, column + (level == 0)), token)
               for level, columns in enumerate(self.levels) for column, token in enumerate(columns)]
      window_end = len(rows)
      rows += [(("candidate", number, place), token)
               for number, ngram in enumerate(candidates) for place, token in enumerate(ngram)]
      roles, tokens = [role for role, _ in rows], [token for _, token in rows]
      distances = [a + b if kind == "window" else b + 1 for kind, a, b in roles]
      # 2. One forward pass over all of them.
      own = np.array([[sees(query, key) for key in roles] for query in roles])
      cache = np.ones((len(rows), self.backend.cached), bool)
      run = self.run(tokens, [len(text) - 1 + d for d in distances], np.hstack([cache, own]))
      answers = run["answers"]
      # 3. Verification: follow a candidate for as long as it holds what the model answers.
      kept, settled, alive = [0], [answers[0]], list(range(len(candidates)))
      while len(settled) < min(self.N - 1, len(prompt) + count - len(text)):
        place = len(settled) - 1
        alive = [number for number in alive if candidates[number][place] == settled[-1]]
        if not alive:
          break
        kept.append(window_end + alive[0] * (self.N - 1) + place)
        settled.append(answers[kept[-1]])
      # 4. Lookahead: the answers to the top level complete an n-gram in each column.
      top = len(self.levels) - 1
      frontier = [row for row, role in enumerate(roles) if role[:2] == ("window", top)]
      self.advance(text[-1], [answers[row] for row in frontier], warm)
      text += settled
      # 5. Only the rows that tokens were chosen from stay in the cache.
      yield self.finish(run, kept, kept, frontier, candidates)

  def candidates(self, current: int) -> list[list[int]]:
    """The oldest first."""
    return list(self.pool.get(current, []))

  def advance(self, current: int, frontier: list[int], warm: bool) -> None:
    if not warm:
      self.levels = [level[1:] for level in self.levels] + [frontier[1:]]
      return
    for column, first in enumerate([current] + self.levels[0]):
      ngram = [level[column] for level in self.levels[1:]] + [frontier[column]]
      known = self.pool.setdefault(first, [])
      if ngram in known:
        known.remove(ngram)
      known.append(ngram)
      del known[:-self.G]
    self.levels = self.levels[1:] + [frontier]
    self.levels[0] = self.levels[0][1:]

  def run(self, tokens: list[int], positions: list[int], visible: np.ndarray) -> dict:
    cached = self.backend.cached
    tensors = self.backend.forward(tokens, positions, visible)
    return {
      "tensors": tensors, "answers": tensors["logits"].argmax(-1).tolist(), "cachedCount": cached,
      "rows": [
        {"token": token, "position": position, "visible": visible_keys(seen, cached)}
        for token, position, seen in zip(tokens, positions, visible)]}

  def finish(self, run: dict, chosen, kept, frontier, candidates) -> dict:
    self.backend.keep(kept)
    answers = run.pop("answers")

    def answered(rows: list[int]) -> list[dict]:
      return [{"row": row, "token": answers[row]} for row in rows]

    return run | {
      "selected": answered(chosen), "acceptedRows": kept, "frontier": answered(frontier),
      "candidates": [{"tokens": tokens} for tokens in candidates], "window": self.levels}
