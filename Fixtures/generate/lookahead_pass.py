"""One pass of lookahead decoding as rows, positions and a mask, and a decoder made of such passes.

Written for Hugging Face transformers, independently of the Swift sources, so that it can serve as
their golden. Terms as in docs/glossary.md: W columns, n-grams of N tokens, up to G candidates.
"""

import random as random_module
from collections import OrderedDict
from dataclasses import dataclass

import torch

# ("window", level, column) or ("candidate", index, offset)
Role = tuple[str, int, int]
CURRENT: Role = ("window", 0, 0)


def roles(level_sizes: list[int], candidate_count: int, ngram_size: int) -> list[Role]:
  """Window rows level by level, then the candidates one after another."""
  window = [("window", l, c) for l, size in enumerate(level_sizes) for c in range(size)]
  return window + [
    ("candidate", g, o) for g in range(candidate_count) for o in range(ngram_size - 1)
  ]


def offset_of(role: Role) -> int:
  """Position relative to the current token."""
  kind, first, second = role
  return first + second if kind == "window" else 1 + second


def sees(query: Role, key: Role) -> bool:
  """Whether the row of `query` attends to the row of `key`."""
  if key == CURRENT:
    return True
  if query[0] != key[0]:
    return False
  _, a, b = query
  _, key_a, key_b = key
  if query[0] == "candidate":
    return a == key_a and key_b <= b
  return key_b <= b if key_a == 0 else key_b == b and key_a <= a


def visible(pass_roles: list[Role], cached: int) -> torch.Tensor:
  """Bool [rows, cached + rows]: every row sees the whole cache, then what its role allows."""
  own = torch.tensor([[sees(q, k) for k in pass_roles] for q in pass_roles])
  return torch.cat([torch.ones(len(pass_roles), cached, dtype=torch.bool), own], dim=1)


def additive(mask: torch.Tensor, dtype: torch.dtype = torch.float32) -> torch.Tensor:
  """0 where visible and the type's most negative number elsewhere, [1, 1, rows, keys]."""
  hidden = torch.finfo(dtype).min
  return torch.where(mask, 0.0, hidden).to(dtype)[None, None]


@dataclass
class Outcome:
  tokens: list[int]
  passes: int

  @property
  def tokens_per_pass(self) -> float:
    return len(self.tokens) / self.passes


class LookaheadDecoder:
  """Greedy lookahead decoding. Every pass recomputes its prefix, which is slow and simple."""

  def __init__(self, model, window: int, ngram: int, candidates: int, seed: int = 0):
    self.model, self.W, self.N, self.G = model, window, ngram, candidates
    self.random = random_module.Random(seed)

  def _argmax(self, prefix: list[int], tokens: list[int], pass_roles: list[Role]) -> list[int]:
    """The best next token after every row; `prefix` ends before the current token."""
    rows = len(prefix) + len(tokens)
    mask = torch.tril(torch.ones(rows, rows, dtype=torch.bool))
    mask[len(prefix) :] = visible(pass_roles, len(prefix))
    positions = list(range(len(prefix))) + [len(prefix) + offset_of(r) for r in pass_roles]
    with torch.no_grad():
      logits = self.model(
        input_ids=torch.tensor([prefix + tokens]), position_ids=torch.tensor([positions]),
        attention_mask=additive(mask), use_cache=False, logits_to_keep=len(tokens)).logits[0]
    return logits.argmax(-1).tolist()

  def generate(self, prompt: list[int], count: int, stop: set[int] = frozenset()) -> Outcome:
    W, N = self.W, self.N
    history, pool = list(prompt), OrderedDict()
    # The window's level 0 without its column 0, which is the current token itself.
    levels = [[self.random.choice(prompt) for _ in range(W + N - 3)]]
    passes, emitted = 0, 0
    while emitted < count:
      prefix, current = history[:-1], history[-1]
      warm = len(levels) == N - 1
      candidates = list(pool.get(current, ())) if warm else []
      sizes = [1 + len(levels[0])] + [len(level) for level in levels[1:]]
      pass_roles = roles(sizes, len(candidates), N)
      flat = [current] + [t for level in levels for t in level] + [t for c in candidates for t in c]
      best = self._argmax(prefix, flat, pass_roles)
      passes += 1
      answer = dict(zip(pass_roles, best))

      accepted, row, alive = [], CURRENT, list(range(len(candidates)))
      for step in range(N):
        accepted.append(answer[row])
        alive = [g for g in alive if step < N - 1 and candidates[g][step] == accepted[-1]]
        if not alive:
          break
        row = ("candidate", alive[0], step)

      top = len(levels) - 1
      frontier = [answer[("window", top, c)] for c in range(sizes[top])]
      if warm:
        columns = [[current] + levels[0]] + levels[1:] + [frontier]
        for c in range(W):
          ngram = tuple(level[c] for level in columns[1:])
          entries = pool.setdefault(columns[0][c], [])
          if ngram in entries:
            entries.remove(ngram)
          entries.append(ngram)
          del entries[: max(0, len(entries) - self.G)]
        levels = [levels[1][1:]] + levels[2:] + [frontier] if N > 2 else [frontier[1:]]
      else:
        levels = [level[1:] for level in levels] + [frontier[1:]]

      for token in accepted[: count - emitted]:
        history.append(token)
        emitted += 1
        if token in stop:
          return Outcome(history[len(prompt) :], passes)
    return Outcome(history[len(prompt) :], passes)
