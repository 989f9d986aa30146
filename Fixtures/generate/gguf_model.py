"""Writes and reads a LLaMA as a GGUF file, by way of the `gguf` package."""

import json
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import sentencepiece
import torch
from transformers import LlamaConfig, LlamaForCausalLM

# Hugging Face's names inside one block, and GGUF's.
_BLOCK_NAMES = {
  "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
  "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down",
}
_OUTER_NAMES = {
  "model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
  "lm_head.weight": "output.weight",
}


def gguf_name(name: str) -> str:
  if name in _OUTER_NAMES:
    return _OUTER_NAMES[name]
  _, _, layer, rest = name.split(".", 3)
  stem, kind = rest.rsplit(".", 1)
  return f"blk.{layer}.{_BLOCK_NAMES[stem]}.{kind}"


def interleave(rows: np.ndarray, heads: int) -> np.ndarray:
  """Hugging Face pairs feature i with i + headDim / 2; GGUF's llama wants pairs side by side."""
  half = rows.shape[0] // heads // 2
  return rows.reshape(heads, 2, half, -1).swapaxes(1, 2).reshape(rows.shape)


def separate(rows: np.ndarray, heads: int) -> np.ndarray:
  """The inverse of `interleave`."""
  half = rows.shape[0] // heads // 2
  return rows.reshape(heads, half, 2, -1).swapaxes(1, 2).reshape(rows.shape)


def _heads(name: str, config: LlamaConfig) -> int | None:
  if ".attn_q." in name:
    return config.num_attention_heads
  return config.num_key_value_heads if ".attn_k." in name else None


def permuted(model: LlamaForCausalLM) -> Iterator[tuple[str, np.ndarray]]:
  """Every tensor under GGUF's name, q and k rows in GGUF's order, F32."""
  for name, tensor in model.state_dict().items():
    if name == "lm_head.weight" and model.config.tie_word_embeddings:
      continue
    values, new_name = tensor.detach().float().numpy(), gguf_name(name)
    heads = _heads(new_name, model.config)
    yield new_name, interleave(values, heads) if heads else values


class GGUFModel:
  """One GGUF file in the making."""

  def __init__(self, path: Path, config: LlamaConfig, title: str, alignment: int | None = None):
    self.writer = gguf.GGUFWriter(path, "llama")
    if alignment:
      self.writer.add_custom_alignment(alignment)
    self.writer.add_name(title)
    self.writer.add_block_count(config.num_hidden_layers)
    self.writer.add_context_length(config.max_position_embeddings)
    self.writer.add_embedding_length(config.hidden_size)
    self.writer.add_feed_forward_length(config.intermediate_size)
    self.writer.add_head_count(config.num_attention_heads)
    self.writer.add_head_count_kv(config.num_key_value_heads)
    self.writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    self.writer.add_rope_dimension_count(config.head_dim)
    self.writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    self.writer.add_vocab_size(config.vocab_size)
    if config.head_dim * config.num_attention_heads != config.hidden_size:
      self.writer.add_key_length(config.head_dim)
      self.writer.add_value_length(config.head_dim)
    self.bos = config.bos_token_id
    eos = config.eos_token_id
    # GGUF states one end-of-text token; a second one is the end of a turn.
    self.eos, self.end_of_turn = (eos[0], eos[1]) if isinstance(eos, list) else (eos, None)

  def _add_special(self, add_bos: bool) -> None:
    self.writer.add_bos_token_id(self.bos)
    self.writer.add_eos_token_id(self.eos)
    if self.end_of_turn is not None:
      self.writer.add_eot_token_id(self.end_of_turn)
    self.writer.add_add_bos_token(add_bos)

  def add_byte_level_tokenizer(
    self, tokenizer, pre: str, special: set[str], add_bos: bool = False,
    chat_template: str | None = None
  ) -> None:
    """Vocabulary and merges of a byte-level BPE; other added tokens are user-defined."""
    state = json.loads(tokenizer.to_str())
    added = {entry["id"]: entry["content"] for entry in state["added_tokens"]}
    by_id = {index: token for token, index in tokenizer.get_vocab(with_added_tokens=True).items()}
    types = gguf.TokenType
    self.writer.add_tokenizer_model("gpt2")
    self.writer.add_tokenizer_pre(pre)
    self.writer.add_token_list([by_id[i] for i in range(len(by_id))])
    self.writer.add_token_types([
      types.NORMAL if i not in added
      else types.CONTROL if added[i] in special else types.USER_DEFINED
      for i in range(len(by_id))
    ])
    self.writer.add_token_merges([
      merge if isinstance(merge, str) else " ".join(merge) for merge in state["model"]["merges"]
    ])
    self._add_special(add_bos)
    if chat_template:
      self.writer.add_chat_template(chat_template)

  def add_sentencepiece_tokenizer(self, proto: bytes) -> None:
    processor = sentencepiece.SentencePieceProcessor(model_proto=proto)
    count, types = len(processor), gguf.TokenType
    self.writer.add_tokenizer_model("llama")
    self.writer.add_tokenizer_pre("default")
    self.writer.add_token_list([processor.id_to_piece(i) for i in range(count)])
    self.writer.add_token_scores([processor.get_score(i) for i in range(count)])
    self.writer.add_token_types([
      types.UNKNOWN if processor.is_unknown(i) else types.CONTROL if processor.is_control(i)
      else types.BYTE if processor.is_byte(i) else types.NORMAL
      for i in range(count)
    ])
    self.writer.add_add_space_prefix(True)
    self.writer.add_unk_token_id(processor.unk_id())
    self._add_special(add_bos=True)

  def add_tensor(self, name: str, data: np.ndarray, format: gguf.GGMLQuantizationType) -> None:
    self.writer.add_tensor(name, np.ascontiguousarray(data), raw_dtype=format)

  def write(self) -> None:
    self.writer.write_header_to_file()
    self.writer.write_kv_data_to_file()
    self.writer.write_tensors_to_file()
    self.writer.close()


def load(path: Path) -> LlamaForCausalLM:
  """The model of a GGUF file, every tensor decoded to float32 by the `gguf` package."""
  reader = gguf.GGUFReader(path)

  def value(key: str, default=None):
    field = reader.get_field(key)
    return default if field is None else field.contents()

  heads = value("llama.attention.head_count")
  hidden = value("llama.embedding_length")
  tensors = {tensor.name: tensor for tensor in reader.tensors}
  config = LlamaConfig(
    vocab_size=value("llama.vocab_size"), hidden_size=hidden,
    intermediate_size=value("llama.feed_forward_length"),
    num_hidden_layers=value("llama.block_count"), num_attention_heads=heads,
    num_key_value_heads=value("llama.attention.head_count_kv"),
    head_dim=value("llama.attention.key_length", hidden // heads),
    max_position_embeddings=value("llama.context_length"),
    rms_norm_eps=value("llama.attention.layer_norm_rms_epsilon"),
    tie_word_embeddings="output.weight" not in tensors,
    rope_parameters={"rope_type": "default", "rope_theta": value("llama.rope.freq_base")})
  model = LlamaForCausalLM(config)
  state = {}
  for name, parameter in model.state_dict().items():
    if name == "lm_head.weight" and config.tie_word_embeddings:
      continue
    tensor = tensors[gguf_name(name)]
    values = gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
    values = values.reshape(tuple(parameter.shape))
    count = _heads(tensor.name, config)
    state[name] = torch.from_numpy(separate(values, count) if count else np.array(values))
  model.load_state_dict(state, strict=not config.tie_word_embeddings)
  model.tie_weights()
  return model.eval()
