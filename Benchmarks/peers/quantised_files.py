"""Versions of a model in the formats that people run, made by llama.cpp's own quantiser."""

import ctypes
from importlib.metadata import version
from pathlib import Path

import llama_cpp

import llama_cpp_log  # noqa: F401, only for what it does
from model_files import made_once

# Names of formats as in file names. What a file of each holds is llama.cpp's choice: the embedding
# often has more bits than the rest, and Q4_K_M mixes Q4_K with Q6_K. Tensors whose rows are no
# multiple of 256 get formats with blocks of 32 instead of those with K.
QUANTISED = {
  "Q4_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0,
  "Q4_1": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_1,
  "Q4_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M,
  "Q6_K": llama_cpp.LLAMA_FTYPE_MOSTLY_Q6_K,
  "Q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0,
}
QUANTISER = f"llama-cpp-python-{version('llama-cpp-python')}"


def quantised_version(source: Path, source_format: str, target: str) -> Path:
  """A version of a file that is in float32 or float16; made unless it is there already.

  Its name has that of the source, which holds a digest of what the source was made from.
  """
  stem = source.stem.removesuffix(f".{source_format}")
  path = source.with_name(f"{stem}.{QUANTISER}.{target}.gguf")
  return made_once(path, lambda partial: quantise(source, partial, QUANTISED[target]))


def quantise(source: Path, target: Path, file_type: int) -> None:
  settings = llama_cpp.llama_model_quantize_default_params()
  settings.ftype = file_type
  status = llama_cpp.llama_model_quantize(
    str(source).encode(), str(target).encode(), ctypes.byref(settings))
  if status != 0:
    raise RuntimeError(f"llama.cpp's quantiser returned {status} for {source}.")
