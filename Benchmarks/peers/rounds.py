"""Rounds of timing: every program on every prompt, in turn."""

import statistics
from collections.abc import Callable, Iterator
from functools import cached_property, partial

import llama_cpp_start
from figures import Figure, Measurements
from llama_cpp_peer import LlamaCpp
from our_program import Arithmetic, OurProgram, milliseconds_of_passes
from plan import BEHIND, CACHED, DRAFTED, LLAMA_CPP, MEMORY_PROMPT, Plan
from prompts import PlainTexts
from transformers_peer import Transformers

# A prompt's ids and a number of tokens to tokens per second.
Decoding = Callable[[list[int], int], float]


class Rounds:
  """The programs on one model, and what was measured."""

  def __init__(self, ours: OurProgram, texts: PlainTexts, plan: Plan, context: int):
    self.ours = ours
    self.model = texts.model
    self.texts = texts
    self.plan = plan
    self.context = context
    self.measured = Measurements()
    # Medians, one a run of our `bench`.
    self.bandwidths: list[float] = []
    self.turn = 0

  @cached_property
  def transformers(self) -> Transformers:
    """Loaded when it is needed first, since that takes long."""
    return Transformers(self.model.file("F32"), self.ours.threads)

  def measure(self, format: str, figures: list[str]) -> None:
    """One round of the figures, on one format."""
    if "load" in figures:
      self.start(format)
    # Loaded anew each round, so that only one format is in memory at a time.
    with LlamaCpp(self.model.file(format), self.ours.threads, self.context) as peer:
      if "plain" in figures:
        self.plain_decoding(format, peer)
      if "passes" in figures:
        self.passes(format, peer)
      if "lengths" in figures:
        self.lengths(format, peer)
      if "lookup" in figures:
        self.drafted_decoding(format, peer)

  def plain_decoding(self, format: str, peer: LlamaCpp) -> None:
    """Decoding one token a pass."""
    programs: dict[str, Decoding] = {
      arithmetic.name: partial(
        self.our_speed, format, arithmetic, ["--decoding", "autoregressive"])
      for arithmetic in self.plan.arithmetics
    }
    programs[LLAMA_CPP] = lambda ids, count: peer.generate(ids, count).tokens_per_second
    if format == "F32":
      programs["transformers"] = lambda ids, count: self.transformers.generate(ids, count)[1]
    self.each_prompt(("plain decoding", format, "tokens/s"), programs)

  def drafted_decoding(self, format: str, peer: LlamaCpp) -> None:
    """Our lookahead decoding against the peer's prompt lookup."""
    programs: dict[str, Decoding] = {
      arithmetic.name: partial(self.our_speed, format, arithmetic, self.plan.lookahead)
      for arithmetic in self.plan.arithmetics
    }
    for drafted in DRAFTED:
      programs[f"{LLAMA_CPP} lookup {drafted}"] = (
        lambda ids, count, drafted=drafted: peer.generate(ids, count, drafted).tokens_per_second)
    self.each_prompt(("prompt lookup", format, "tokens/s"), programs)

  def passes(self, format: str, peer: LlamaCpp) -> None:
    """Passes over several rows behind a few tokens; and our peak memory and the read bandwidth."""
    rows, repeats = self.plan.rows, self.plan.repeats

    def our_passes(arithmetic: Arithmetic) -> None:
      report = self.ours.bench(self.model.file(format), rows, CACHED, repeats, arithmetic)
      self.bandwidths.append(report["machine"]["read_bandwidth"]["median"])
      for count, milliseconds in milliseconds_of_passes(report, arithmetic.matmul).items():
        self.measured.add(pass_figure(count, format), arithmetic.name, milliseconds)
      self.measured.add(
        memory_figure(format), arithmetic.name, report["memory"]["peak_bytes"] / 1e6)

    def peer_passes() -> None:
      for count in rows:
        seconds = peer.pass_seconds(count, CACHED, repeats)
        self.measured.add(pass_figure(count, format), LLAMA_CPP, statistics.median(seconds) * 1000)

    self.by_turns(our_passes, peer_passes)

  def start(self, format: str) -> None:
    """Loading the file, which is in the page cache; and the peer's peak memory."""
    file = self.model.file(format)
    with file.open("rb", buffering=0) as opened:
      while opened.read(1 << 24):
        pass
    load, first = ("load", format, "s"), ("load, first token", format, "s")

    def our_start(arithmetic: Arithmetic) -> None:
      report = self.ours.generate(file, [1], 1, arithmetic)
      seconds = report["seconds"]["load"]
      self.measured.add(load, arithmetic.name, seconds)
      self.measured.add(first, arithmetic.name, seconds + report["time_to_first_token"])

    def peer_start() -> None:
      started = llama_cpp_start.start(file, self.ours.threads, MEMORY_PROMPT)
      self.measured.add(load, LLAMA_CPP, started.load_seconds)
      self.measured.add(first, LLAMA_CPP, started.first_token_seconds)
      self.measured.add(memory_figure(format), LLAMA_CPP, started.peak_bytes / 1e6)

    self.by_turns(our_start, peer_start)

  def lengths(self, format: str, peer: LlamaCpp) -> None:
    """Reading prompts, and passes of one row behind them."""
    file = self.model.file(format)
    for length in sorted({*self.plan.prefills, *self.plan.depths}):
      # Nothing can be made behind nothing, so the shallowest depth is one token.
      ids = [10 + index % 1000 for index in range(max(length, 1))]

      def add(program: str, prompt_seconds: float, seconds: float) -> None:
        if length in self.plan.prefills:
          figure = (f"prefill of {length}", format, "tokens/s")
          self.measured.add(figure, program, length / prompt_seconds)
        if length in self.plan.depths:
          figure = (f"row behind {length}", format, "ms")
          self.measured.add(figure, program, seconds / BEHIND * 1000)

      def our_text(arithmetic: Arithmetic) -> None:
        report = self.ours.generate_plainly(file, ids, BEHIND + 1, arithmetic, "--ignore-eos")
        add(arithmetic.name, report["seconds"]["prefill"], report["seconds"]["decode"])

      def peer_text() -> None:
        run = peer.generate(ids, BEHIND + 1)
        add(LLAMA_CPP, run.prompt_seconds, run.seconds)

      self.by_turns(our_text, peer_text)

  def our_speed(
    self, format: str, arithmetic: Arithmetic, options: list[str], ids: list[int], count: int
  ) -> float:
    file = self.model.file(format)
    return self.ours.generate(file, ids, count, arithmetic, *options)["tokens_per_second"]

  def by_turns(self, ours: Callable[[Arithmetic], None], peer: Callable[[], None]) -> None:
    programs: dict[str, Callable[[], None]] = {
      arithmetic.name: partial(ours, arithmetic) for arithmetic in self.plan.arithmetics
    }
    programs[LLAMA_CPP] = peer
    for name in self.in_turn(programs):
      programs[name]()

  def each_prompt(self, figure: Figure, programs: dict[str, Decoding]) -> None:
    generated = self.texts.of(figure[1], self.plan.arithmetics[0])
    for name, ids in self.texts.ids.items():
      count = len(generated[name]["output_ids"])
      # The first token comes from the prompt's pass; a rate needs one more.
      if count < 2:
        continue
      for program in self.in_turn(programs):
        self.measured.add(figure, program, programs[program](ids, count), name)

  def in_turn(self, names: dict[str, object]) -> Iterator[str]:
    """All programs; another one is first each time."""
    self.turn += 1
    ordered = list(names)
    for index in range(len(ordered)):
      yield ordered[(index + self.turn) % len(ordered)]


def pass_figure(rows: int, format: str) -> Figure:
  return (f"pass of {rows} row{'s' if rows > 1 else ''}", format, "ms")


def memory_figure(format: str) -> Figure:
  return ("peak memory", format, "MB")
