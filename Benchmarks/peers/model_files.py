"""Model files that are made here: where they are kept, how they are written; float32 versions."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Format


def cache_folder() -> Path:
  """Where derived files are kept."""
  base = os.environ.get("XDG_CACHE_HOME", "")
  return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "lookahead"


def made_once(path: Path, write: Callable[[Path], None]) -> Path:
  """`path`, which `write` makes unless it is there already: wholly or not at all."""
  if not path.exists():
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
      write(partial)
      # On one file system, so the finished file appears at once.
      partial.replace(path)
    finally:
      partial.unlink(missing_ok=True)
  return path


def short_digest(path: Path) -> str:
  """Enough of a file's SHA-256 to never take another file for it."""
  with path.open("rb") as file:
    return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def storage_format(path: Path) -> str:
  """The format in which most bytes of the file are stored."""
  sizes: Counter[str] = Counter()
  for tensor in gguf.GGUFReader(path).tensors:
    sizes[tensor.tensor_type.name] += int(tensor.n_bytes)
  return sizes.most_common(1)[0][0]


def float32_version(path: Path) -> Path:
  """The same weights, expanded; made unless it is there already.

  Its name has the source's SHA-256, so that it is never taken for a version of another file.
  """
  stem = path.stem.removesuffix(f".{storage_format(path)}")
  name = f"{stem}.{short_digest(path)}.F32.gguf"
  return made_once(cache_folder() / name, lambda partial: write_expanded(path, partial))


def write_expanded(source: Path, target: Path) -> None:
  """Writes all of `source`, its quantised tensors expanded to float32, which is exact."""
  reader = gguf.GGUFReader(source)
  writer = gguf.GGUFWriter(target, reader.fields[gguf.Keys.General.ARCHITECTURE].contents())
  writer.add_file_type(0)
  copy_metadata(reader, writer, lambda name: name != gguf.Keys.General.FILE_TYPE)
  # The reader has dimensions in the file's order, the writer takes them in NumPy's.
  shapes = {
    tensor.name: [int(size) for size in reversed(tensor.shape)] for tensor in reader.tensors
  }
  write_tensors(
    writer, shapes, {name: np.dtype(np.float32) for name in shapes},
    (expanded(tensor) for tensor in reader.tensors))


def expanded(tensor: gguf.ReaderTensor) -> np.ndarray:
  if tensor.tensor_type == Format.F32:
    return np.array(tensor.data, dtype=np.float32)
  return gguf.dequantize(tensor.data, tensor.tensor_type)


def copy_metadata(
  reader: gguf.GGUFReader, writer: gguf.GGUFWriter, wanted: Callable[[str], bool]
) -> None:
  """Copies the fields with the wanted names, but for those that the writer writes by itself."""
  for name, field in reader.fields.items():
    if name.startswith("GGUF.") or name == gguf.Keys.General.ARCHITECTURE or not wanted(name):
      continue
    element = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
    writer.add_key_value(name, field.contents(), field.types[0], sub_type=element)


def write_tensors(
  writer: gguf.GGUFWriter, shapes: dict[str, list[int]], types: dict[str, np.dtype],
  tensors: Iterator[np.ndarray]
) -> None:
  """Writes the file, with one tensor at a time in memory."""
  for name, shape in shapes.items():
    writer.add_tensor_info(name, shape, types[name], int(np.prod(shape)) * types[name].itemsize)
  writer.write_header_to_file()
  writer.write_kv_data_to_file()
  writer.write_ti_data_to_file()
  for tensor in tensors:
    writer.write_tensor_data(tensor)
  writer.close()
