"""Makes every fixture anew, in order.

  python make_all.py --smollm2 SmolLM2-135M-Instruct.Q4_1.gguf [--train]

Without --train the trained model stays as it is: its weights depend on the CPU that trains it.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def run(script: str, *arguments: str) -> None:
  print(f"== {script}", flush=True)
  subprocess.run([sys.executable, str(HERE / script), *arguments], check=True)


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("--smollm2", required=True, help="the real model's GGUF file")
  parser.add_argument("--train", action="store_true", help="train tiny-llama too (six minutes)")
  arguments = parser.parse_args()
  if arguments.train:
    run("train_tiny_llama.py")
  run("make_tiny_models.py")
  run("make_gguf.py")
  run("make_goldens.py")
  run("make_greedy.py")
  run("make_sampling_goldens.py")
  run("make_tokenizer_goldens.py", "--smollm2", arguments.smollm2)
  run("make_chat_goldens.py", "--smollm2", arguments.smollm2)
  run("make_rotary_goldens.py")
  run("make_pretokenizer_goldens.py")
  run("make_construct_goldens.py")
  run("make_families.py")
  run("make_family_gguf.py")
  # The one golden of this project's own program, which must have been built (make build).
  run("make_logits_digests.py", "--smollm2", arguments.smollm2)
  run("manifest.py", "write")


if __name__ == "__main__":
  main()
