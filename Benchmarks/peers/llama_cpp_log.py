"""Of what llama.cpp logs only errors are shown; importing this module is enough."""

import ctypes
import sys

import llama_cpp

ERROR_LEVEL = 4  # GGML_LOG_LEVEL_ERROR


@llama_cpp.llama_log_callback
def log_errors(level: int, text: bytes, _: ctypes.c_void_p) -> None:
  if level == ERROR_LEVEL:
    sys.stderr.write(text.decode(errors="replace"))


llama_cpp.llama_log_set(log_errors, ctypes.c_void_p(0))
