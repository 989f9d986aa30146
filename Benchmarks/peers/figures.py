"""What is compared, and the arithmetic and printing of comparisons."""

import statistics
from collections import defaultdict
from dataclasses import dataclass, field

# One figure: what is done, on which storage format, and the unit of what is measured.
Figure = tuple[str, str, str]

# Of these more is better; of times and sizes, less.
SPEEDS = ["tokens/s"]


@dataclass
class Measurements:
  """Numbers, by figure, program and subject (a prompt, where there are several), one a round."""

  numbers: dict[Figure, dict[str, dict[str, list[float]]]] = field(
    default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(list))))

  def add(self, figure: Figure, program: str, number: float, subject: str = "") -> None:
    self.numbers[figure][program][subject].append(number)

  def comparisons(self, ours: list[str]) -> list[dict]:
    """Each of our programs against each other one, figure by figure."""
    return [
      comparison(figure, (our, programs[our]), (peer, programs[peer]))
      for figure, programs in self.numbers.items()
      for our in ours if our in programs
      for peer in programs if peer not in ours
    ]


Program = tuple[str, dict[str, list[float]]]


def comparison(figure: Figure, ours: Program, peer: Program) -> dict:
  """Medians, and the ratio of them that is above 1 where ours is better.

  The lowest and the highest ratio are those of single prompts, or of rounds where nothing else
  distinguishes the numbers.
  """
  (our_name, our_numbers), (peer_name, peer_numbers) = ours, peer
  subjects = [name for name in our_numbers if name in peer_numbers]
  if len(subjects) == 1:
    pairs = list(zip(our_numbers[subjects[0]], peer_numbers[subjects[0]]))
  else:
    pairs = [
      (statistics.median(our_numbers[name]), statistics.median(peer_numbers[name]))
      for name in subjects
    ]
  medians = [
    statistics.median([number for name in subjects for number in numbers[name]])
    for numbers in (our_numbers, peer_numbers)
  ]
  what, format, unit = figure
  ratios = [better(unit, *pair) for pair in pairs]
  return {
    "figure": what, "format": format, "arithmetic": our_name, "peer": peer_name, "unit": unit,
    "ours": medians[0], "peers": medians[1], "ratio": better(unit, *medians),
    "lowest": min(ratios), "highest": max(ratios),
    "samples": sum(len(our_numbers[name]) for name in subjects),
  }


def better(unit: str, ours: float, peers: float) -> float:
  return ours / peers if unit in SPEEDS else peers / ours


def table(rows: list[dict]) -> str:
  """The comparisons as text."""
  width = max((len(row["arithmetic"]) for row in rows), default=0)
  lines = [
    f"{'figure':<20} {'format':<6} {'ours':<{width}} {'peer':<19} {'ours':>9} {'peer':>9}"
    f" {'unit':<8} {'ratio':>6} {'lowest':>7} {'highest':>7} {'samples':>7}"
  ]
  lines += [
    f"{row['figure']:<20} {row['format']:<6} {row['arithmetic']:<{width}} {row['peer']:<19}"
    f" {row['ours']:9.2f} {row['peers']:9.2f} {row['unit']:<8} {row['ratio']:6.2f}"
    f" {row['lowest']:7.2f} {row['highest']:7.2f} {row['samples']:7}"
    for row in rows
  ]
  return "\n".join(lines)
