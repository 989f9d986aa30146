"""Checks a backend against this project, one check at a time. --help lists them."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import backend
import bugs
import command
import weights
from checks import Checks
from lookahead_decoder import LookaheadDecoder

FIXTURE = Path(__file__).parents[2] / "Fixtures/tiny-llama"
NAMES = ["numpy", "numpy-bf16", "transformers", "transformers-bf16", "llama.cpp"]


def fetched_model() -> Path:
  """Where scripts/fetch-model.sh keeps the real model."""
  cache = os.environ.get("XDG_CACHE_HOME", "")
  folder = Path(cache) if cache.startswith("/") else Path.home() / ".cache"
  return folder / "lookahead/SmolLM2-135M-Instruct.Q4_1.gguf"


def text_for(path: Path) -> tuple[str, int]:
  """A prompt, and as many tokens behind it as it takes until a candidate is right."""
  if path.resolve() == FIXTURE.resolve():
    return "Once upon a time there was a little dog. The dog", 28
  return "One, two, three, four. One, two, three, four. One,", 12


def make(name: str, path: Path, model: weights.Model, bug=backend.Backend):
  """A backend by its name; with `bug`, the one in NumPy with that planted."""
  if name == "numpy":
    return bug(model)
  if name == "numpy-bf16":
    return backend.BF16Backend(model)
  if name == "llama.cpp":
    from llama_cpp_backend import LlamaCppBackend
    return LlamaCppBackend(path)
  import torch
  from transformers_backend import TransformersBackend
  return TransformersBackend(path, torch.bfloat16 if name.endswith("bf16") else torch.float32)


def main() -> int:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument(
    "check", choices=["causal", "pass", "every-pass", "decoder"],
    help="plain text; one lookahead pass; all passes with our tokens; the decoder's own passes")
  parser.add_argument("--backend", choices=NAMES, default="numpy")
  parser.add_argument("--bug", choices=bugs.BUGS, help="plant this into the backend in NumPy")
  parser.add_argument("--model", type=Path, help="a GGUF file or folder (default: the fetched one)")
  parser.add_argument("--folder", type=Path, help="keep the recordings here (default: nowhere)")
  options = parser.parse_args()
  if options.bug and options.backend != "numpy":
    parser.error("bugs are planted into the backend numpy.")
  if options.backend == "llama.cpp" and options.check != "causal":
    parser.error("llama.cpp takes no mask, so causal is the only check.")
  path = options.model or (fetched_model() if fetched_model().exists() else FIXTURE)
  if not path.exists():
    parser.error(f"there is no {path}.")
  if options.backend == "llama.cpp":
    from llama_cpp_backend import float32_version
    path = float32_version(path)
  model = weights.load(path)
  bug = bugs.BUGS.get(options.bug, backend.Backend)
  decoder = bug if issubclass(bug, LookaheadDecoder) else LookaheadDecoder
  if decoder is bug and options.check != "decoder":
    parser.error(f"{options.bug} is a bug of the decoder: check that.")
  checked = make(options.backend, path, model, backend.Backend if decoder is bug else bug)

  with tempfile.TemporaryDirectory() as nowhere:
    folder = options.folder or Path(nowhere)
    folder.mkdir(parents=True, exist_ok=True)
    checks = Checks(path, model.blocks, *text_for(path), folder)
    recordings = {
      "causal": checks.causal, "pass": checks.one_pass, "every-pass": checks.every_pass,
      "decoder": lambda checked: checks.decoder(checked, decoder),
    }[options.check](checked)
    claim = [] if options.backend.endswith("bf16") else ["--precision", "float32"]
    return command.shown("compare", *recordings, *claim)


if __name__ == "__main__":
  sys.exit(main())
