"""Twelve bugs that backends have had, each planted into the one place that it takes."""

import numpy as np

from backend import Backend, bf16
from lookahead_decoder import LookaheadDecoder
from weights import Model, interleaved


class WrongMaskCell(Backend):
  """The last row of a pass sees the window's first guess, whatever the mask says."""

  def additive(self, visible):
    mask = super().additive(visible)
    if self.cached:
      mask[-1, self.cached + 1] = 0
    return mask


class PositionShifted(Backend):
  """Behind a cache, rows stand one position too far."""

  def rotation(self, positions):
    return super().rotation(positions + (self.cached > 0))


class StaleCacheRow(Backend):
  """The first rows of a pass stay in the cache instead of those that were accepted."""

  def keep(self, rows):
    super().keep(range(len(rows)))


class WrongRopeBase(Backend):
  """The base of LLaMA 3, whatever the model's is."""

  def __init__(self, model: Model):
    super().__init__(model)
    self.rope_base = 500_000.0


class QueriesAndKeysNotUnpermuted(Backend):
  """Rows of q and k stay in the order of a GGUF file, but are turned in Hugging Face's."""

  def __init__(self, model: Model):
    super().__init__(model)
    self.weights = dict(model.weights)
    for block in range(model.blocks):
      for projection, heads in [("q_proj", model.heads), ("k_proj", model.kv_heads)]:
        name = f"model.layers.{block}.self_attn.{projection}.weight"
        self.weights[name] = interleaved(model.weights[name], heads)


class NormEpsilon(Backend):
  """1e-6, the default of many a library, where the model has 1e-5."""

  def __init__(self, model: Model):
    super().__init__(model)
    self.norm_epsilon = 1e-6


class MissingScale(Backend):
  """Scores are not divided by the root of the head's size."""

  def __init__(self, model: Model):
    super().__init__(model)
    self.scale = np.float32(1)


class SwappedGateAndUp(Backend):
  """The activation is applied to the wrong half."""

  def __init__(self, model: Model):
    super().__init__(model)
    self.weights = {
      name.replace("gate_proj", "-").replace("up_proj", "gate_proj").replace("-", "up_proj"): values
      for name, values in model.weights.items()
    }


class WrongKVHead(Backend):
  """Heads take the kv heads in turn; neighbours should share one."""

  def __init__(self, model: Model):
    super().__init__(model)
    self.kv_head = np.arange(model.heads) % model.kv_heads


class UntiedHead(Backend):
  """The file has no output head, so this one is what memory happened to hold."""

  def __init__(self, model: Model):
    super().__init__(model)
    shape = model.weights["lm_head.weight"].shape
    noise = np.random.default_rng(0).standard_normal(shape, np.float32)
    self.weights = model.weights | {"lm_head.weight": noise / np.float32(shape[1] ** 0.5)}


class BF16Accumulate(Backend):
  """One product, that of block 3's down projection, keeps its sums in BF16."""

  def linear(self, x, name):
    if name != "model.layers.2.mlp.down_proj":
      return super().linear(x, name)
    sums = np.zeros((len(x), len(self.weights[f"{name}.weight"])), np.float32)
    for inputs, weights in zip(x.T, self.weights[f"{name}.weight"].T):
      sums = bf16(sums + inputs[:, None] * weights)
    return sums


class CandidateOrder(LookaheadDecoder):
  """Candidates are verified newest first."""

  def candidates(self, current):
    return super().candidates(current)[::-1]


BUGS = {
  "mask-cell": WrongMaskCell, "position": PositionShifted, "stale-cache-row": StaleCacheRow,
  "rope-base": WrongRopeBase, "qk-order": QueriesAndKeysNotUnpermuted,
  "norm-epsilon": NormEpsilon, "attention-scale": MissingScale, "gate-and-up": SwappedGateAndUp,
  "kv-head": WrongKVHead, "untied-head": UntiedHead, "bf16-sums": BF16Accumulate,
  "candidate-order": CandidateOrder,
}
