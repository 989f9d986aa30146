"""The command `lookahead`, run as its users run it."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / ".build/release/lookahead"


def run(*arguments: str | Path) -> subprocess.CompletedProcess:
  """Exit status 0 or 1, a check that failed; anything else ends this program."""
  command = [str(PROGRAM), *map(str, arguments)]
  done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
  if done.returncode > 1:
    sys.exit(f"`{shlex.join(command)}`: {done.stderr.strip()}")
  return done


def compare(a: Path, b: Path, *options: str) -> dict:
  """Everything that compare has to say."""
  return json.loads(run("compare", a, b, *options, "--json").stdout)


def shown(*arguments: str | Path) -> int:
  """Runs the command before the user's eyes; its exit status."""
  print("$ lookahead", shlex.join(map(str, arguments)), flush=True)
  done = run(*arguments)
  print(done.stderr + done.stdout, flush=True)
  return done.returncode
