"""A LLaMA in NumPy: the backend that is checked here. Yours takes its place.

All that the checks ask of a backend is `cached`, `forward` and `keep`.
"""

import numpy as np

from weights import Model

Tensors = dict[str, np.ndarray]


class Backend:
  """float32 throughout, sums in whatever order NumPy likes."""

  def __init__(self, model: Model):
    self.model = model
    self.weights = model.weights
    self.rope_base = model.rope_base
    self.norm_epsilon = model.norm_epsilon
    self.scale = np.float32(model.head_dim**-0.5)
    # Which kv head each head reads: neighbours share one.
    self.kv_head = np.arange(model.heads) // (model.heads // model.kv_heads)
    self.cached = 0
    empty = np.zeros((model.kv_heads, 0, model.head_dim), np.float32)
    self.keys = [empty] * model.blocks
    self.values = [empty] * model.blocks

  def forward(self, tokens: list[int], positions: list[int], visible: np.ndarray) -> Tensors:
    """Runs rows behind the cache; row i sees key j where `visible[i, j]`, [rows, cached + rows].

    Returns tensors by the names of docs/trace-format.md. `keep` has to follow.
    """
    hidden = self.rounded(self.weights["model.embed_tokens.weight"][tokens])
    tensors = {"hidden.0": hidden}
    turn = self.rotation(np.array(positions))
    mask = self.additive(visible)
    for block in range(self.model.blocks):
      name = f"model.layers.{block}"
      x = self.norm(hidden, f"{name}.input_layernorm")
      hidden = self.rounded(hidden + self.attention(x, block, turn, mask, tensors))
      x = self.norm(hidden, f"{name}.post_attention_layernorm")
      hidden = self.rounded(hidden + self.feed_forward(x, block))
      tensors[f"hidden.{block + 1}"] = hidden
    tensors["logits"] = self.linear(self.norm(hidden, "model.norm"), "lm_head")
    return tensors

  def keep(self, rows: list[int]) -> None:
    """Of the last pass these rows stay in the cache, in this order."""
    kept = [*range(self.cached), *(self.cached + row for row in rows)]
    self.keys = [keys[:, kept] for keys in self.keys]
    self.values = [values[:, kept] for values in self.values]
    self.cached = len(kept)

  # The parts of a pass; bugs.py breaks one at a time.

  def rounded(self, x: np.ndarray) -> np.ndarray:
    return x

  def linear(self, x: np.ndarray, name: str) -> np.ndarray:
    return self.rounded(x @ self.weights[f"{name}.weight"].T)

  def norm(self, x: np.ndarray, name: str) -> np.ndarray:
    mean_square = np.mean(x * x, axis=-1, keepdims=True)
    scaled = self.rounded(x / np.sqrt(mean_square + np.float32(self.norm_epsilon)))
    return self.rounded(scaled * self.weights[f"{name}.weight"])

  def rotation(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosine and sine, [rows, headDim / 2]."""
    exponents = np.arange(0, self.model.head_dim, 2) / self.model.head_dim
    angles = positions[:, None] * self.rope_base**-exponents
    return tuple(self.rounded(f(angles).astype(np.float32)) for f in (np.cos, np.sin))

  def additive(self, visible: np.ndarray) -> np.ndarray:
    return np.where(visible, np.float32(0), np.float32(-np.inf))

  def attention(self, x, block: int, turn, mask: np.ndarray, tensors: Tensors) -> np.ndarray:
    def heads(projection: str, count: int) -> np.ndarray:
      rows = self.linear(x, f"model.layers.{block}.self_attn.{projection}")
      return rows.reshape(len(x), count, -1).swapaxes(0, 1)

    model = self.model
    queries = self.rounded(rotated(heads("q_proj", model.heads), turn))
    keys = self.rounded(rotated(heads("k_proj", model.kv_heads), turn))
    self.keys[block] = np.concatenate([self.keys[block], keys], axis=1)
    values = heads("v_proj", model.kv_heads)
    self.values[block] = np.concatenate([self.values[block], values], axis=1)
    scores = queries @ self.keys[block][self.kv_head].swapaxes(1, 2)
    weights = self.rounded(softmax(self.rounded(scores * self.scale) + mask))
    tensors[f"attention.{block + 1}"] = weights.swapaxes(0, 1)
    mixed = self.rounded(weights @ self.values[block][self.kv_head])
    together = mixed.swapaxes(0, 1).reshape(len(x), -1)
    return self.linear(together, f"model.layers.{block}.self_attn.o_proj")

  def feed_forward(self, x: np.ndarray, block: int) -> np.ndarray:
    name = f"model.layers.{block}.mlp"
    gate, up = self.linear(x, f"{name}.gate_proj"), self.linear(x, f"{name}.up_proj")
    activated = self.rounded(gate / (1 + np.exp(-gate)))
    return self.linear(self.rounded(activated * up), f"{name}.down_proj")


class BF16Backend(Backend):
  """The same with weights and activations in BF16, and sums in float32, as GPUs compute."""

  def __init__(self, model: Model):
    super().__init__(model)
    self.weights = {name: bf16(values) for name, values in model.weights.items()}

  def rounded(self, x: np.ndarray) -> np.ndarray:
    return bf16(x)


def bf16(x: np.ndarray) -> np.ndarray:
  """Rounds to the nearest BF16, of two equally near ones to the even one."""
  bits = np.ascontiguousarray(x, np.float32).view(np.uint32)
  return ((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)


def rotated(x: np.ndarray, turn: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
  """Turns feature i of each head against feature i + headDim / 2."""
  cosine, sine = turn
  first, second = np.split(x, 2, axis=-1)
  return np.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)


def softmax(scores: np.ndarray) -> np.ndarray:
  weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
  return weights / weights.sum(axis=-1, keepdims=True)


def causal(cached: int, rows: int) -> np.ndarray:
  """Every row sees the cache, the rows before it and itself."""
  return np.tril(np.ones((rows, cached + rows), bool), cached)
