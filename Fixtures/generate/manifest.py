"""Writes and checks manifest.json: what every data file is, down to its SHA-256.

  python manifest.py write     after the generating scripts have run
  python manifest.py check     needs nothing but Python; exit status 1 if a file differs
"""

import argparse
import hashlib
import importlib.metadata
import json
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "manifest.json"
# The first prefix that fits a file's path names the script that made it.
ORIGINS = [
  ("tiny-llama/", "generate/train_tiny_llama.py"),
  ("tiny-", "generate/make_tiny_models.py"),
  ("families/gguf.safetensors", "generate/make_family_gguf.py"),
  ("families/", "generate/make_families.py"),
  ("gguf/", "generate/make_gguf.py"),
  ("golden/tiny-llama/greedy.json", "generate/make_greedy.py"),
  ("golden/tiny-llama/diagnosis.json", "generate/make_diagnosis_goldens.py"),
  ("golden/gguf/encoded-rows.json", "generate/make_encoding_goldens.py"),
  ("golden/gguf/blocks.safetensors", "generate/make_gguf.py"),
  ("golden/gguf/extreme-blocks.safetensors", "generate/make_gguf.py"),
  ("golden/gguf/", "generate/make_goldens.py"),
  ("golden/tiny-", "generate/make_goldens.py"),
  ("golden/sampling/", "generate/make_sampling_goldens.py"),
  ("golden/tokenizer/pre-tokenizers.json", "generate/make_pretokenizer_goldens.py"),
  ("golden/tokenizer/", "generate/make_tokenizer_goldens.py"),
  ("golden/template-constructs.json", "generate/make_construct_goldens.py"),
  ("golden/chat-templates.json", "generate/make_chat_goldens.py"),
  ("golden/rotary.json", "generate/make_rotary_goldens.py"),
  ("golden/logits-sha256.json", "generate/make_logits_digests.py"),
  ("golden/smollm2/greedy-hf.json", "given: Hugging Face transformers 4.36.2, torch 2.1.0"),
  ("golden/smollm2/lade/", "given: traces of hao-ai-lab/LookaheadDecoding at eed010d"),
  ("prompts.jsonl", "written for this project"),
  ("trace/tree-mask.json", "written for this project"),
  ("trace/", "the commands of docs/trace-format.md"),
]
PACKAGES = [
  "torch", "transformers", "tokenizers", "safetensors", "gguf", "sentencepiece", "numpy", "jinja2",
  "mpmath",
]


def data_files() -> list[Path]:
  """Everything under Fixtures but the scripts, the manifest itself and README.md."""
  return sorted(
    path for path in ROOT.rglob("*")
    if path.is_file() and path.relative_to(ROOT).parts[0] not in (
      "generate", MANIFEST.name, "README.md", ".DS_Store"))


def described(path: Path) -> dict:
  name, content = path.relative_to(ROOT).as_posix(), path.read_bytes()
  origin = next((origin for prefix, origin in ORIGINS if name.startswith(prefix)), None)
  if name.startswith("families/") and name.endswith(".gguf"):
    origin = "generate/make_family_gguf.py"
  if origin is None:
    raise ValueError(f"{name} was made by no known script")
  return {
    "path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(),
    "origin": origin,
  }


def seeds() -> dict:
  import make_corpus
  import make_encoding_goldens
  import make_families
  import make_family_gguf
  import make_gguf
  import make_goldens
  import make_logits_digests
  import make_rotary_goldens
  import make_sampling_goldens
  import make_tiny_models
  import tokenizer_strings
  import train_tiny_llama

  return {
    "corpus": make_corpus.SEED, "tiny-llama": train_tiny_llama.SEED, **make_tiny_models.SEEDS,
    "gguf": make_gguf.SEED, "goldens": make_goldens.SEED,
    "sampling goldens": make_sampling_goldens.SEED,
    "tokenizer strings": tokenizer_strings.SEED, "logits digests": make_logits_digests.SEED,
    "rotary": make_rotary_goldens.SEED, "families": make_families.SEED, "encoded rows": make_encoding_goldens.SEED,
    "families' GGUF files": make_family_gguf.SEED,
  }


def write() -> None:
  versions = {package: importlib.metadata.version(package) for package in PACKAGES}
  files = [described(path) for path in data_files()]
  manifest = {
    "versions": {"python": platform.python_version()} | versions, "seeds": seeds(),
    "total_bytes": sum(entry["bytes"] for entry in files), "files": files,
  }
  MANIFEST.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
  print(f"{len(files)} files, {manifest['total_bytes']} bytes")


def check() -> bool:
  """Whether the files are those of the manifest, no more and no fewer; prints each that is not."""
  listed = {entry["path"]: entry for entry in json.loads(MANIFEST.read_text())["files"]}
  found = {path.relative_to(ROOT).as_posix(): path for path in data_files()}
  faults = [f"{name} is missing" for name in listed.keys() - found.keys()]
  faults += [f"{name} is not in the manifest" for name in found.keys() - listed.keys()]
  faults += [
    f"{name} differs from the manifest" for name in listed.keys() & found.keys()
    if described(found[name]) != listed[name]
  ]
  for fault in sorted(faults):
    print(fault, file=sys.stderr)
  if not faults:
    print(f"{len(listed)} files are those of the manifest")
  return not faults


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument("mode", choices=["write", "check"])
  if parser.parse_args().mode == "write":
    write()
  elif not check():
    sys.exit(1)


if __name__ == "__main__":
  main()
