"""The fixture model's tokenizer: byte-level BPE in the manner of GPT-2, with a ChatML template."""

import json
from collections.abc import Iterable
from pathlib import Path

from corpus_dialogues import DEFAULT_SYSTEM_MESSAGE
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY_SIZE = 1024
END_OF_TEXT, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIAL_TOKENS = [END_OF_TEXT, TURN_START, TURN_END]

CHAT_TEMPLATE = (
  "{%- if messages[0]['role'] != 'system' -%}"
  "{{ '<|im_start|>system\n" + DEFAULT_SYSTEM_MESSAGE + "<|im_end|>\n' }}"
  "{%- endif -%}"
  "{%- for message in messages -%}"
  "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
  "{%- endfor -%}"
  "{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}"
)


def train(texts: Iterable[str]) -> Tokenizer:
  """A tokenizer with the special tokens first, then the 256 bytes, then the merges."""
  tokenizer = Tokenizer(models.BPE())
  tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
  tokenizer.decoder = decoders.ByteLevel()
  trainer = trainers.BpeTrainer(
    vocab_size=VOCABULARY_SIZE, special_tokens=SPECIAL_TOKENS, show_progress=False,
    initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
  )
  tokenizer.train_from_iterator(texts, trainer)
  if tokenizer.get_vocab_size() != VOCABULARY_SIZE:
    raise ValueError(f"the corpus only yields {tokenizer.get_vocab_size()} tokens")
  return tokenizer


def save(tokenizer: Tokenizer, folder: Path, context_length: int) -> None:
  """Writes tokenizer.json and tokenizer_config.json."""
  tokenizer.save(str(folder / "tokenizer.json"))
  configuration = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "add_prefix_space": False,
    "bos_token": END_OF_TEXT,
    "eos_token": TURN_END,
    "pad_token": END_OF_TEXT,
    "clean_up_tokenization_spaces": False,
    "model_max_length": context_length,
    "chat_template": CHAT_TEMPLATE,
    "added_tokens_decoder": {
      str(tokenizer.token_to_id(token)): {
        "content": token, "lstrip": False, "normalized": False, "rstrip": False,
        "single_word": False, "special": True,
      }
      for token in SPECIAL_TOKENS
    },
  }
  (folder / "tokenizer_config.json").write_text(
    json.dumps(configuration, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
