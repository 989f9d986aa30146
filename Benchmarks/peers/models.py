"""The models that are compared, each in several storage formats, made when they are needed."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from billion_model import TOKENIZER, billion_model
from model_files import cache_folder, float32_version, storage_format
from our_program import Failure
from quantised_files import QUANTISED, quantised_version


@dataclass(frozen=True)
class Model:
  """One set of weights."""

  name: str
  # The file that is taken as it is, and the format of most of its bytes.
  given: Path
  given_format: str
  default_formats: tuple[str, ...]
  # Random weights make no text whose tokens could be guessed.
  is_trained: bool

  @property
  def formats(self) -> list[str]:
    return list(dict.fromkeys(["F32", *QUANTISED, self.given_format]))

  @cache
  def file(self, format: str) -> Path:
    """The given file, or a version of it."""
    if format == self.given_format:
      return self.given
    if format == "F32":
      return float32_version(self.given)
    if format not in QUANTISED:
      raise Failure(f"There is no {format} version of {self.name}, only {', '.join(self.formats)}.")
    source = "F16" if self.given_format == "F16" else "F32"
    return quantised_version(self.file(source), source, format)


def find_model(name: str) -> Model:
  """`smollm2`, `1b`, or the path of a GGUF file."""
  if name == "1b":
    return Model(name, billion_model(), "F16", ("Q4_0", "Q4_K_M", "Q8_0"), is_trained=False)
  given = cache_folder() / TOKENIZER if name == "smollm2" else Path(name)
  if not given.is_file():
    raise Failure(f"There is no file {given}.")
  format = storage_format(given)
  formats = tuple(dict.fromkeys(["F32", "Q8_0", format]))
  return Model(given.name if name != "smollm2" else name, given, format, formats, is_trained=True)
