"""llama.cpp by its C functions; of Python's work only the choice of a token and drafts is timed."""

import time
from dataclasses import dataclass
from pathlib import Path

import llama_cpp
import numpy as np
from llama_cpp.llama_speculative import LlamaPromptLookupDecoding

import llama_cpp_log  # noqa: F401, only for what it does


@dataclass
class Run:
  """A greedy continuation."""

  tokens: list[int]
  # Of the prompt's pass, which also gives the first token, and of decoding the others.
  prompt_seconds: float
  seconds: float
  # Largest logit less the second largest, one for each token; only if requested.
  margins: list[float]

  @property
  def tokens_per_second(self) -> float:
    return (len(self.tokens) - 1) / self.seconds


class LlamaCpp:
  """One model file, loaded."""

  def __init__(self, path: Path, threads: int, context: int, float32_cache: bool = False):
    """`float32_cache` switches off flash attention too, which rounds keys and values to float16."""
    llama_cpp.llama_backend_init()
    self.model = llama_cpp.llama_model_load_from_file(
      str(path).encode(), llama_cpp.llama_model_default_params())
    if not self.model:
      raise RuntimeError(f"llama.cpp cannot load {path}.")
    settings = llama_cpp.llama_context_default_params()
    settings.n_ctx = context
    settings.n_threads = settings.n_threads_batch = threads
    if float32_cache:
      settings.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
      settings.type_k = settings.type_v = llama_cpp.GGML_TYPE_F32
    self.context = llama_cpp.llama_init_from_model(self.model, settings)
    if not self.context:
      raise RuntimeError(f"llama.cpp cannot make a context of {context} tokens for {path}.")
    self.memory = llama_cpp.llama_get_memory(self.context)
    vocabulary = llama_cpp.llama_model_get_vocab(self.model)
    self.vocabulary_size = llama_cpp.llama_vocab_n_tokens(vocabulary)
    # Tokens that one call takes; by itself llama.cpp makes passes of 512 at the most of them.
    self.capacity = llama_cpp.llama_n_batch(self.context)
    self.batch = llama_cpp.llama_batch_init(self.capacity, 0, 1)

  def close(self) -> None:
    llama_cpp.llama_batch_free(self.batch)
    llama_cpp.llama_free(self.context)
    llama_cpp.llama_model_free(self.model)

  def __enter__(self) -> "LlamaCpp":
    return self

  def __exit__(self, *_: object) -> None:
    self.close()

  def prepare(self, tokens: list[int], position: int, all_logits: bool) -> None:
    """Lays out the rows of the next pass."""
    self.batch.n_tokens = len(tokens)
    for row, token in enumerate(tokens):
      self.batch.token[row] = token
      self.batch.pos[row] = position + row
      self.batch.n_seq_id[row] = 1
      self.batch.seq_id[row][0] = 0
      self.batch.logits[row] = all_logits or row == len(tokens) - 1

  def evaluate(self) -> np.ndarray:
    """Runs the pass; `[requested rows, vocabulary]`, valid until the next."""
    status = llama_cpp.llama_decode(self.context, self.batch)
    if status != 0:
      raise RuntimeError(f"llama_decode returned {status}.")
    rows = sum(1 for row in range(self.batch.n_tokens) if self.batch.logits[row])
    logits = llama_cpp.llama_get_logits(self.context)
    return np.ctypeslib.as_array(logits, shape=(rows, self.vocabulary_size))

  def forget(self, position: int) -> None:
    """Drops the cache from `position` on."""
    llama_cpp.llama_memory_seq_rm(self.memory, 0, position, -1)

  def read(self, prompt: list[int]) -> np.ndarray:
    """Reads a prompt into the empty cache, and returns the logits of its last token."""
    self.forget(0)
    logits = np.zeros((0, self.vocabulary_size))
    for start in range(0, len(prompt), self.capacity):
      self.prepare(prompt[start:start + self.capacity], start, all_logits=False)
      logits = self.evaluate()
    return logits

  def all_logits(self, tokens: list[int]) -> np.ndarray:
    """The logits of all tokens of a text."""
    self.forget(0)
    parts = []
    for start in range(0, len(tokens), self.capacity):
      self.prepare(tokens[start:start + self.capacity], start, all_logits=True)
      parts.append(self.evaluate().copy())
    return np.concatenate(parts)

  def generate(self, prompt: list[int], count: int, drafted: int = 0, margins: bool = False) -> Run:
    """`count` tokens, greedily.

    With `drafted`, the library's prompt lookup drafts that many tokens per pass, which are verified
    in one batch.
    """
    lookup = LlamaPromptLookupDecoding(num_pred_tokens=drafted) if drafted else None
    begin = time.perf_counter()
    logits = self.read(prompt)
    tokens, gaps = [int(logits[0].argmax())], []
    start = time.perf_counter()
    text = np.zeros(len(prompt) + count + drafted + 1, dtype=np.intc)
    text[:len(prompt)] = prompt
    text[len(prompt)] = tokens[0]
    if margins:
      gaps += top_two_margins(logits)
    decoding = time.perf_counter()
    while len(tokens) < count:
      length = len(prompt) + len(tokens)
      draft = [int(token) for token in lookup(text[:length])] if lookup else []
      draft = draft[:count - len(tokens) - 1]
      self.prepare([tokens[-1], *draft], length - 1, all_logits=True)
      logits = self.evaluate()
      chosen = [int(token) for token in logits.argmax(axis=1)]
      accepted = 0
      while accepted < len(draft) and draft[accepted] == chosen[accepted]:
        accepted += 1
      if accepted < len(draft):
        self.forget(length + accepted)
      new = chosen[:accepted + 1]
      tokens += new
      text[length:length + len(new)] = new
      if margins:
        gaps += top_two_margins(logits[:len(new)])
    return Run(tokens, start - begin, time.perf_counter() - decoding, gaps)

  def pass_seconds(self, rows: int, cached: int, repeats: int) -> list[float]:
    """The time of passes over `rows` rows after `cached` tokens, with the logits of all rows."""
    self.read([10 + index % 1000 for index in range(cached)])
    seconds = []
    for repeat in range(repeats + 1):
      self.prepare([20 + row for row in range(rows)], cached, all_logits=True)
      start = time.perf_counter()
      self.evaluate()
      # The first one warms up.
      if repeat > 0:
        seconds.append(time.perf_counter() - start)
      self.forget(cached)
    return seconds


def top_two_margins(logits: np.ndarray) -> list[float]:
  second, first = np.partition(logits, -2, axis=1)[:, -2:].T
  return [float(margin) for margin in first - second]
