"""What is compared, and the arithmetic and printing of comparisons."""

import statistics
from collections import defaultdict
from dataclasses import dataclass, field

# One figure: what is done, and on which storage format.
Figure = tuple[str, str]


@dataclass
class Measurements:
  """Speeds, by figure, program and subject (a prompt, or a number of rows), one a round."""

  unit: str
  speeds: dict[Figure, dict[str, dict[str, list[float]]]] = field(
    default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(list))))

  def add(self, figure: Figure, program: str, subject: str, speed: float) -> None:
    self.speeds[figure][program][subject].append(speed)

  def comparisons(self, ours: str) -> list[dict]:
    """Ours against each other program, figure by figure."""
    rows = []
    for figure, programs in self.speeds.items():
      for peer in programs:
        if peer == ours or ours not in programs:
          continue
        subjects = [name for name in programs[ours] if name in programs[peer]]
        ratios = [
          statistics.median(programs[ours][name]) / statistics.median(programs[peer][name])
          for name in subjects
        ]
        medians = [
          statistics.median([speed for name in subjects for speed in programs[program][name]])
          for program in (ours, peer)
        ]
        rows.append({
          "figure": figure[0], "format": figure[1], "peer": peer, "unit": self.unit,
          "ours": medians[0], "peers": medians[1], "ratio": medians[0] / medians[1],
          "lowest": min(ratios), "highest": max(ratios),
          "samples": sum(len(programs[ours][name]) for name in subjects),
        })
    return rows


def table(rows: list[dict]) -> str:
  """The comparisons as text."""
  lines = [
    f"{'figure':<16} {'format':<6} {'peer':<22} {'ours':>8} {'peer':>8} {'unit':<9} {'ratio':>6}"
    f" {'lowest':>7} {'highest':>7} {'samples':>7}"
  ]
  lines += [
    f"{row['figure']:<16} {row['format']:<6} {row['peer']:<22} {row['ours']:8.1f}"
    f" {row['peers']:8.1f} {row['unit']:<9} {row['ratio']:6.2f} {row['lowest']:7.2f}"
    f" {row['highest']:7.2f} {row['samples']:7}"
    for row in rows
  ]
  return "\n".join(lines)
