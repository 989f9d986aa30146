"""The same model in several storage formats: versions of a GGUF file, derived from it and kept."""

import hashlib
import os
from collections import Counter
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Format


def cache_folder() -> Path:
  """Where derived files are kept."""
  base = os.environ.get("XDG_CACHE_HOME", "")
  return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "lookahead"


def storage_format(path: Path) -> str:
  """The format in which most bytes of the file are stored."""
  sizes: Counter[str] = Counter()
  for tensor in gguf.GGUFReader(path).tensors:
    sizes[tensor.tensor_type.name] += int(tensor.n_bytes)
  return sizes.most_common(1)[0][0]


def in_format(path: Path, target: Format) -> Path:
  """A version of the file in another format; made unless it is there already.

  Its name has the source's SHA-256, so that it is never taken for a version of another file.
  """
  with path.open("rb") as file:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
  stem = path.stem.removesuffix(f".{storage_format(path)}")
  derived = cache_folder() / f"{stem}.{digest[:12]}.{target.name}.gguf"
  if not derived.exists():
    derived.parent.mkdir(parents=True, exist_ok=True)
    partial = derived.with_name(f".{derived.name}.{os.getpid()}")
    try:
      write_version(path, partial, target)
      # On one file system, so this happens wholly or not at all.
      partial.replace(derived)
    finally:
      partial.unlink(missing_ok=True)
  return derived


def write_version(source: Path, target_path: Path, target: Format) -> None:
  """Writes all of `source`, its quantised tensors expanded to float32 and stored as `target`.

  Expansion is exact, so a float32 version has the same weights. Tensors that the source holds as
  float32 (norms, biases) stay so.
  """
  reader = gguf.GGUFReader(source)
  architecture = reader.fields[gguf.Keys.General.ARCHITECTURE].contents()
  writer = gguf.GGUFWriter(target_path, architecture)
  for name, field in reader.fields.items():
    # The writer writes these by itself.
    if name.startswith("GGUF.") or name == gguf.Keys.General.ARCHITECTURE:
      continue
    if name == gguf.Keys.General.FILE_TYPE:
      file_types = {Format.F32: 0, Format.Q8_0: 7}
      writer.add_file_type(file_types[target])
      continue
    element = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
    writer.add_key_value(name, field.contents(), field.types[0], sub_type=element)
  for tensor in reader.tensors:
    if tensor.tensor_type == Format.F32:
      writer.add_tensor(tensor.name, np.array(tensor.data, dtype=np.float32))
    else:
      values = gguf.dequantize(tensor.data, tensor.tensor_type)
      writer.add_tensor(tensor.name, gguf.quantize(values, target), raw_dtype=target)
  writer.write_header_to_file()
  writer.write_kv_data_to_file()
  writer.write_tensors_to_file()
  writer.close()
