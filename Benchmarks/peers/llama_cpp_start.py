#!/usr/bin/env python3
"""What starting llama.cpp takes, of time and memory; in a process of its own, which is new.

  llama_cpp_start.py MODEL THREADS PROMPT

Loads the file, makes one token, reads a prompt of PROMPT tokens, and prints one JSON object. Memory
is the most that was resident, less what Python and its libraries had before.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Start:
  # From the file in the page cache to a model with a context: mapping and, where llama.cpp
  # rearranges weights for the CPU, that too.
  load_seconds: float
  # The same, and the pass over one token: pages that are only mapped are read first then.
  first_token_seconds: float
  # Both have the pages of the file that are mapped and were read.
  peak_bytes: int
  mapped_bytes: int


def start(path: Path, threads: int, prompt: int) -> Start:
  """Runs this file as a program."""
  command = [sys.executable, __file__, str(path), str(threads), str(prompt)]
  done = subprocess.run(command, capture_output=True, text=True)
  if done.returncode != 0:
    raise RuntimeError(f"llama.cpp did not start: {done.stderr.strip()}")
  return Start(**json.loads(done.stdout))


def memory(name: str) -> int:
  """Bytes, from lines such as `VmHWM:   1234 kB`; Linux only."""
  lines = Path("/proc/self/status").read_text().splitlines()
  [line] = [line for line in lines if line.startswith(f"{name}:")]
  return int(line.split()[1]) * 1024


def measure(path: Path, threads: int, prompt: int) -> Start:
  from llama_cpp_peer import LlamaCpp

  before, mapped_before = memory("VmRSS"), memory("RssFile")
  begin = time.perf_counter()
  with LlamaCpp(path, threads, prompt + 1) as model:
    loaded = time.perf_counter()
    model.read([1])
    first = time.perf_counter()
    model.read([10 + index % 1000 for index in range(prompt)])
    return Start(
      loaded - begin, first - begin, memory("VmHWM") - before, memory("RssFile") - mapped_before)


if __name__ == "__main__":
  print(json.dumps(asdict(measure(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))))
