"""The options of compare_peers.py."""

import argparse

from our_program import Arithmetic
from plan import CACHED, FIGURES, Plan
from prompts import ROOT, USUAL_PROMPTS


def window_sizes(text: str) -> list[str]:
  """W,N,G as options of `lookahead generate`, which reports invalid numbers."""
  sizes = text.split(",")
  if len(sizes) != 3:
    raise argparse.ArgumentTypeError(f"{text} is not W,N,G")
  return [part for pair in zip(("-W", "-N", "-G"), sizes) for part in pair]


def parse_arguments(description: str) -> argparse.Namespace:
  parser = argparse.ArgumentParser(description=description)
  what = parser.add_argument_group("what is measured")
  what.add_argument(
    "--model", nargs="+", default=["smollm2"], help="smollm2, 1b or GGUF files (default: smollm2)")
  what.add_argument(
    "--formats", nargs="+",
    help="of F32, Q4_0, Q4_1, Q4_K_M, Q6_K, Q8_0 and the given file's own; default: F32, Q8_0 and"
    " its own, and for 1b Q4_0, Q4_K_M, Q8_0")
  what.add_argument(
    "--figures", nargs="+", choices=FIGURES,
    help="default: all, but without lookup and agreement for random weights")
  what.add_argument("--rows", type=int, nargs="+", default=[1, 2, 4, 8, 16, 32], help="of a pass")
  what.add_argument(
    "--prefills", type=int, nargs="+", default=[512, 4096], help="lengths of prompts to read")
  what.add_argument(
    "--depths", type=int, nargs="*", default=[0, CACHED, 1024, 4096, 8000],
    help="tokens before a pass of one row; 0 stands for the least, one")
  what.add_argument("--rounds", type=int, default=3)
  what.add_argument("--repeats", type=int, default=9, help="times that a round times each pass")
  what.add_argument("--threads", type=int, default=2)

  texts = parser.add_argument_group("texts")
  texts.add_argument("--prompts", default=str(USUAL_PROMPTS))
  texts.add_argument("--prompt-limit", type=int, help="take only so many prompts")
  texts.add_argument("--tokens", type=int, default=96, help="maximum number for each prompt")

  ours = parser.add_argument_group("ours")
  ours.add_argument(
    "--matmul", nargs="+", default=["exact"],
    help="our arithmetics, by turns, such as: exact int16 int8")
  ours.add_argument("--kv-cache", nargs="+", help="handed on to lookahead, each by turns")
  ours.add_argument(
    "--sizes", type=window_sizes, default=[],
    help="W,N,G of our lookahead decoding; default: the command's")
  ours.add_argument("--weights", help="handed on to lookahead as --weights")
  ours.add_argument("--binary", default=str(ROOT / ".build/release/lookahead"))
  parser.add_argument("--json", action="store_true", help="write one JSON object, no table")
  return parser.parse_args()


def planned(arguments: argparse.Namespace) -> Plan:
  return Plan(
    arithmetics=[
      Arithmetic(matmul, kv_cache)
      for matmul in arguments.matmul for kv_cache in arguments.kv_cache or [None]
    ],
    rows=arguments.rows, prefills=arguments.prefills, depths=arguments.depths,
    repeats=arguments.repeats, lookahead=arguments.sizes)
