"""The tokenizers of the second tiny models, each of another kind and each trained on the corpus."""

import io
import json
from pathlib import Path

import model_folder
import sentencepiece
from tokenizers import (
  AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers,
)

# The words of Llama 3's pre-tokenizer, alternative by alternative.
LLAMA3_SPLIT = "|".join([
  r"(?i:'s|'t|'re|'ve|'m|'ll|'d)",  # English contractions
  r"[^\r\n\p{L}\p{N}]?\p{L}+",  # letters, with one leading mark or space
  r"\p{N}{1,3}",  # digits in threes
  r" ?[^\s\p{L}\p{N}]+[\r\n]*",  # punctuation, with the line ends after it
  r"\s*[\r\n]+",  # line ends with the space before them
  r"\s+(?!\S)",  # trailing space
  r"\s+",
])


def _byte_level_bpe(texts, size: int, special: list[str], pre_tokenizer) -> Tokenizer:
  tokenizer = Tokenizer(models.BPE())
  tokenizer.pre_tokenizer = pre_tokenizer
  tokenizer.decoder = decoders.ByteLevel()
  trainer = trainers.BpeTrainer(
    vocab_size=size, special_tokens=special, show_progress=False,
    initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
  tokenizer.train_from_iterator(texts, trainer)
  return tokenizer


def gpt2_style(texts, size: int) -> Tokenizer:
  """Byte-level BPE that splits words with the GPT-2 expression."""
  return _byte_level_bpe(
    texts, size, ["<|endoftext|>"],
    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True))


def digit_splitting(texts, size: int) -> Tokenizer:
  """SmolLM's manner: every digit stands alone. One added token is not special."""
  digits = pre_tokenizers.Digits(individual_digits=True)
  byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
  tokenizer = _byte_level_bpe(
    texts, size, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
    pre_tokenizers.Sequence([digits, byte_level]))
  tokenizer.add_tokens([AddedToken("<note>", normalized=False)])
  return tokenizer


LLAMA3_SPECIAL = [
  "<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
]
# Whole words that the merges cannot build: only `ignore_merges` finds them.
LLAMA3_UNREACHABLE = [" everything", "storyteller", " Saturday", "return", " 2024", "\n\n\n"]


def llama3_style(texts, size: int) -> Tokenizer:
  """Llama 3's manner: its own split, words of the vocabulary taken whole, special tokens last."""
  split = pre_tokenizers.Split(Regex(LLAMA3_SPLIT), behavior="isolated")
  byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
  pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
  trained = _byte_level_bpe(texts, size, [], pre_tokenizer)
  state = json.loads(trained.to_str())
  vocabulary = state["model"]["vocab"]
  for word in LLAMA3_UNREACHABLE:
    [(spelled, _)] = byte_level.pre_tokenize_str(word)
    vocabulary.setdefault(spelled, len(vocabulary))
  state["model"]["ignore_merges"] = True
  tokenizer = Tokenizer.from_str(json.dumps(state))
  tokenizer.add_special_tokens(LLAMA3_SPECIAL)
  begin = LLAMA3_SPECIAL[0]
  tokenizer.post_processor = processors.Sequence([
    processors.ByteLevel(trim_offsets=False),
    processors.TemplateProcessing(
      single=f"{begin} $A", pair=f"{begin} $A {begin} $B",
      special_tokens=[(begin, tokenizer.token_to_id(begin))]),
  ])
  return tokenizer


def train_sentencepiece(texts: list[str], size: int, whitespace_only_pieces: bool) -> bytes:
  """A SentencePiece BPE model with byte fallback, as a serialised proto."""
  output = io.BytesIO()
  sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(texts), model_writer=output, model_type="bpe", vocab_size=size,
    byte_fallback=True, character_coverage=0.9995, split_digits=True, num_threads=1,
    normalization_rule_name="identity", remove_extra_whitespaces=False,
    allow_whitespace_only_pieces=whitespace_only_pieces, max_sentence_length=100_000,
    unk_id=0, bos_id=1, eos_id=2, pad_id=-1, minloglevel=2)
  return output.getvalue()


def merges_of(pieces: list[tuple[str, float]]) -> list[tuple[str, str]]:
  """SentencePiece states scores, not merges: every split of a piece into two pieces is a merge,
  the piece with the higher score first."""
  scores = dict(pieces)
  rank = {piece: index for index, (piece, _) in enumerate(pieces)}
  merges = []
  for piece, score in pieces:
    splits = [
      (piece[:i], piece[i:]) for i in range(1, len(piece))
      if piece[:i] in scores and piece[i:] in scores
    ]
    splits.sort(key=lambda pair: (rank[pair[0]], rank[pair[1]]))
    merges += [(score, pair) for pair in splits]
  merges.sort(key=lambda entry: -entry[0])
  return [pair for _, pair in merges]


def sentencepiece_style(proto: bytes, metaspace: bool) -> Tokenizer:
  """The SentencePiece model as tokenizer.json, in Llama 2's older spelling (normalizer `Prepend`
  and `Replace`) or its newer one (pre-tokenizer `Metaspace`, prefix on the first word only)."""
  processor = sentencepiece.SentencePieceProcessor(model_proto=proto)
  every = [(processor.id_to_piece(i), processor.get_score(i)) for i in range(len(processor))]
  normal = [
    entry for i, entry in enumerate(every)
    if not (processor.is_control(i) or processor.is_unknown(i) or processor.is_byte(i))
  ]
  vocabulary = {piece: index for index, (piece, _) in enumerate(every)}
  tokenizer = Tokenizer(models.BPE(
    vocabulary, merges_of(normal), unk_token="<unk>", fuse_unk=True, byte_fallback=True))
  tokenizer.add_special_tokens([
    AddedToken(token, normalized=False, special=True) for token in ("<unk>", "<s>", "</s>")
  ])
  if metaspace:
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="first", split=False)
  else:
    tokenizer.normalizer = normalizers.Sequence(
      [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
  tokenizer.decoder = decoders.Sequence([
    decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
    decoders.Strip(" ", 1, 0),
  ])
  tokenizer.post_processor = processors.TemplateProcessing(
    single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
  return tokenizer


def save(
  tokenizer: Tokenizer, folder: Path, settings: dict, merges_as_text: bool = False
) -> None:
  """Writes tokenizer.json and tokenizer_config.json; `settings` go into the second.

  `merges_as_text` writes a merge as "a b", as older files do, in place of ["a", "b"].
  """
  state = json.loads(tokenizer.to_str())
  if merges_as_text:
    state["model"]["merges"] = [" ".join(pair) for pair in state["model"]["merges"]]
  model_folder.write_json(folder / "tokenizer.json", state)
  defaults = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False}
  model_folder.write_json(folder / "tokenizer_config.json", defaults | settings)
