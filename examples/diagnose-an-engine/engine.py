"""Greedy text, one token a pass or several: drafts are looked up in the text and verified together.

Both give the same tokens, unless one of the bugs is switched on.
"""

from dataclasses import dataclass, field

import torch

from drafting import Lookup
from model import Model, causal

BUGS = {
  "stale-row": "rows of rejected drafts stay in the cache",
  "position-not-rolled-back": "positions go on behind the rejected rows",
  "draft-position": "drafts stand one position too far",
  "wrong-branch": "the first rows of a pass stay in the cache instead of the accepted branch's",
  "sibling-mask": "a draft sees the branches before its own",
  "missing-row": "the row of the last accepted draft is dropped from the cache",
  "bonus-lost": "the token behind a draft that is right to its end is not output",
  "bonus-twice": "that token is taken twice",
  "one-too-many": "the first draft that is wrong is accepted too",
  "wrong-row": "after a rejection the next token is that of the pass's last row",
  "past-end": "tokens behind the end token are output",
  "penalty-sees-drafts": "the repetition penalty takes drafts for text",
}


@dataclass
class Engine:
  model: Model
  tokens: int = 64
  look_up: Lookup = field(default_factory=Lookup)
  repeat_penalty: float = 1.0
  repeat_last_n: int = 64
  bug: str | None = None

  def plain(self, prompt: list[int]) -> list[int]:
    """One token a pass."""
    text, output = list(prompt), [self.first(prompt)]
    while not self.is_over(output):
      text.append(output[-1])
      logits = self.model.forward(text[-1:], [len(text) - 1], causal(1))
      self.model.keep([0])
      output.append(self.choice(logits[0], text))
    return output

  def speculative(self, prompt: list[int]) -> tuple[list[int], list[dict]]:
    """The tokens, and what each pass behind the prompt's drafted, accepted and chose next."""
    bug, steps, shift = self.bug, [], 0
    # `pending` is of the text, but not yet in the cache: the newest token.
    pending = [self.first(prompt)]
    text, output = prompt + pending, list(pending)
    while not self.is_over(output):
      # 1. The rows: what is pending, then branch after branch. A draft sees the pending rows and its
      # own branch up to itself; its position is its depth.
      branches = self.look_up(text)
      drafted = [token for branch in branches for token in branch]
      tokens, start = pending + drafted, len(text) - len(pending) + shift
      positions, firsts = list(range(start, start + len(pending))), []
      sees = causal(len(tokens))
      for branch in branches:
        first, depth = len(positions), start + len(pending) + (bug == "draft-position")
        firsts.append(first)
        positions += range(depth, depth + len(branch))
        if bug != "sibling-mask":
          sees[first:first + len(branch), len(pending):first] = False
      logits = self.model.forward(tokens, positions, sees)

      # 2. Verification: follow the branch whose next draft is what the model chooses.
      kept, accepted, followed = list(range(len(pending))), [], list(range(len(branches)))

      def chosen(row: int) -> int:
        return self.choice(
          logits[row], text + accepted + (drafted if bug == "penalty-sees-drafts" else []))

      def accept(branch: int) -> None:
        kept.append(firsts[branch] + len(accepted))
        accepted.append(branches[branch][len(accepted)])

      while True:
        token = chosen(kept[-1])
        offering = [branch for branch in followed if len(branches[branch]) > len(accepted)]
        followed = [branch for branch in offering if branches[branch][len(accepted)] == token]
        if not followed:
          break
        accept(followed[0])
      rejects, is_bonus = bool(offering), bool(accepted and not offering)
      if bug == "one-too-many" and rejects:
        accept(offering[0])
        token = chosen(kept[-1])
      if bug == "wrong-row" and rejects:
        token = chosen(-1)

      # 3. Of the pass the rows of pending and accepted tokens stay in the cache.
      rejected = [row for row in range(len(tokens)) if row not in kept]
      if bug == "stale-row":
        kept += rejected
      if bug == "position-not-rolled-back":
        shift += len(rejected)
      if bug == "wrong-branch":
        kept = list(range(len(kept)))
      if bug == "missing-row" and accepted:
        kept.pop()
      self.model.keep(kept)
      pending = [token, token] if bug == "bonus-twice" and is_bonus else [token]
      text += accepted + pending
      output += accepted if bug == "bonus-lost" and is_bonus else accepted + pending
      steps.append({"drafted": branches, "accepted": accepted, "next": token})

    # A pass can give more than is asked for, and tokens behind the end.
    ends = [place for place, token in enumerate(output) if token in self.model.ends]
    if ends and bug != "past-end":
      output = output[:ends[0] + 1]
    return output[:self.tokens], steps

  def first(self, prompt: list[int]) -> int:
    """Reads the prompt into an empty cache; the first token behind it."""
    self.model.clear()
    rows = list(range(len(prompt)))
    logits = self.model.forward(prompt, rows, causal(len(rows)))
    self.model.keep(rows)
    return self.choice(logits[-1], prompt)

  def choice(self, logits: torch.Tensor, text: list[int]) -> int:
    """The most probable token; those at the end of the text lose by the repetition penalty."""
    if self.repeat_penalty != 1:
      logits, penalty = logits.clone(), self.repeat_penalty
      seen = sorted(set(text[-self.repeat_last_n:]))
      logits[seen] = torch.where(logits[seen] > 0, logits[seen] / penalty, logits[seen] * penalty)
    return int(logits.argmax())

  def is_over(self, output: list[int]) -> bool:
    return len(output) >= self.tokens or not self.model.ends.isdisjoint(output)
