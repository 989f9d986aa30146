"""Rounds of timing: every program on every prompt, in turn."""

import statistics
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from figures import Measurements
from llama_cpp_peer import LlamaCpp
from our_program import OurProgram
from transformers_peer import Transformers

OURS = "lookahead"
# Tokens that the peer's prompt lookup drafts a pass: few, and its own default.
DRAFTED = [3, 10]
# Tokens in the cache before a pass over several rows.
CACHED = 128

# A prompt's ids and a number of tokens to tokens per second.
Program = Callable[[list[int], int], float]


class Rounds:
  """The programs, each with its model loaded where it can be, and what was measured."""

  def __init__(
    self, ours: OurProgram, models: dict[str, Path], ids: dict[str, list[int]],
    generated: dict[str, dict[str, dict]], context: int, lookahead_options: list[str]
  ):
    self.ours = ours
    self.models = models
    self.ids = ids
    self.generated = generated
    self.lookahead_options = lookahead_options
    self.llama_cpp = {
      format: LlamaCpp(model, ours.threads, context) for format, model in models.items()
    }
    self.tokens = Measurements("tokens/s")
    self.rows = Measurements("rows/s")
    self.turn = 0

  @cached_property
  def transformers(self) -> Transformers:
    """Loaded when it is needed first, since that takes long."""
    return Transformers(self.models["F32"], self.ours.threads)

  def plain_decoding(self, format: str) -> None:
    """One round of decoding one token a pass."""
    peer = self.llama_cpp[format]
    programs: dict[str, Program] = {
      OURS: lambda ids, count: self.our_speed(format, ids, count, ["--decoding", "autoregressive"]),
      "llama.cpp": lambda ids, count: peer.generate(ids, count).tokens_per_second,
    }
    if format == "F32":
      programs["transformers"] = lambda ids, count: self.transformers.generate(ids, count)[1]
    self.each_prompt(("plain decoding", format), programs)

  def drafted_decoding(self, format: str) -> None:
    """One round of our lookahead decoding against the peer's prompt lookup."""
    peer = self.llama_cpp[format]
    programs: dict[str, Program] = {
      OURS: lambda ids, count: self.our_speed(format, ids, count, self.lookahead_options)
    }
    for drafted in DRAFTED:
      programs[f"llama.cpp lookup {drafted}"] = (
        lambda ids, count, drafted=drafted: peer.generate(ids, count, drafted).tokens_per_second)
    self.each_prompt(("prompt lookup", format), programs)

  def passes(self, format: str, rows: list[int]) -> None:
    """One round of passes over several rows."""
    ours = self.ours.pass_seconds(self.models[format], rows, CACHED)
    for count in rows:
      seconds = self.llama_cpp[format].pass_seconds(count, CACHED, repeats=9)
      figure = (f"pass of {count} row{'s' if count > 1 else ''}", format)
      self.rows.add(figure, OURS, "", count / ours[count])
      self.rows.add(figure, "llama.cpp", "", count / statistics.median(seconds))

  def our_speed(self, format: str, ids: list[int], count: int, options: list[str]) -> float:
    return self.ours.generate(self.models[format], ids, count, *options)["tokens_per_second"]

  def each_prompt(self, figure: tuple[str, str], programs: dict[str, Program]) -> None:
    for name, ids in self.ids.items():
      count = len(self.generated[figure[1]][name]["output_ids"])
      # The first token comes from the prompt's pass; a rate needs one more.
      if count < 2:
        continue
      for program, speed in self.in_turn(programs):
        self.tokens.add(figure, program, name, speed(ids, count))

  def in_turn(self, programs: dict[str, Program]) -> Iterator[tuple[str, Program]]:
    """All programs; another one is first each time."""
    self.turn += 1
    names = list(programs)
    for index in range(len(names)):
      name = names[(index + self.turn) % len(names)]
      yield name, programs[name]
