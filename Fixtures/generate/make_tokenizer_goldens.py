"""Writes golden/tokenizer/strings.json: how Hugging Face tokenizers cut 1,300 strings.

  python make_tokenizer_goldens.py --smollm2 SmolLM2-135M-Instruct.Q4_1.gguf [--output ..]

The GGUF file is needed for the vocabulary of SmolLM2, which is not kept here.
"""

import argparse
import json
import random as random_module
import re
from pathlib import Path

import gguf
import make_corpus
import sentencepiece
import tokenizers
from tokenizer_strings import SEED, strings
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

FOLDERS = ["tiny-llama", "tiny-sentencepiece", "tiny-llama3", "tiny-bf16-shards", "tiny-f16"]
# How many of the strings are also encoded with begin-of-text and the like.
WITH_SPECIAL = 40
RANDOM_SEQUENCES = 40


def smollm2(path: Path) -> Tokenizer:
  """SmolLM2's tokenizer, put together from the GGUF file's metadata."""
  reader = gguf.GGUFReader(path)

  def value(key: str):
    return reader.get_field(f"tokenizer.ggml.{key}").contents()

  if (value("model"), value("pre")) != ("gpt2", "smollm"):
    raise ValueError(f"{path} is not a SmolLM2 file: {value('model')}, {value('pre')}")
  tokens = value("tokens")
  merges = [tuple(merge.split(" ")) for merge in value("merges")]
  tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
  tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
    pre_tokenizers.Digits(individual_digits=True),
    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
  tokenizer.decoder = decoders.ByteLevel()
  types = value("token_type")
  if unknown := set(types) - {gguf.TokenType.NORMAL, gguf.TokenType.CONTROL}:
    raise ValueError(f"{path} has token types {unknown}")
  tokenizer.add_special_tokens([
    AddedToken(token, special=True, normalized=False)
    for token, kind in zip(tokens, types) if kind == gguf.TokenType.CONTROL
  ])
  if tokenizer.get_vocab_size() != len(tokens):
    raise ValueError("adding the special tokens changed the vocabulary")
  return tokenizer


def check_against_sentencepiece(tokenizer: Tokenizer, proto: bytes, texts: list[str]) -> int:
  """Holds the tokenizer.json of tiny-sentencepiece against SentencePiece itself.

  Left out: text with special tokens, which SentencePiece spells out, and the empty text, which it
  gives no prefix.
  """
  processor = sentencepiece.SentencePieceProcessor(model_proto=proto)
  compared = 0
  for text in texts:
    if text == "" or "\0" in text or re.search(r"</?s>|<unk>", text):
      continue
    if tokenizer.encode(text, add_special_tokens=False).ids != processor.encode(text):
      raise ValueError(f"tokenizer.json and SentencePiece disagree on {text!r}")
    compared += 1
  return compared


def random_decodings(tokenizer: Tokenizer, random) -> list[dict]:
  """Token ids in no sensible order, most of them no valid UTF-8, and their text."""
  rows = []
  for _ in range(RANDOM_SEQUENCES):
    # Low ids are the single bytes in every one of these vocabularies.
    limit = random.choice([262, tokenizer.get_vocab_size()])
    ids = [random.randrange(limit) for _ in range(random.randint(1, 12))]
    rows.append({
      "ids": ids, "text": tokenizer.decode(ids, skip_special_tokens=False),
      "text_without_special": tokenizer.decode(ids, skip_special_tokens=True),
    })
  return rows


def golden(tokenizer: Tokenizer, texts: list[str], random) -> dict:
  ids = [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
  decoded = [tokenizer.decode(row, skip_special_tokens=False) for row in ids]
  return {
    "vocabulary_size": tokenizer.get_vocab_size(),
    "ids": ids,
    "decoded_where_different": {
      str(i): text for i, text in enumerate(decoded) if text != texts[i]
    },
    "ids_with_special_of_first": [
      encoding.ids for encoding in tokenizer.encode_batch(texts[:WITH_SPECIAL])
    ],
    "random_decodings": random_decodings(tokenizer, random),
  }


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  parser.add_argument("--smollm2", type=Path, required=True, help="the model's GGUF file")
  arguments = parser.parse_args()
  root = arguments.output
  corpus = " ".join(make_corpus.documents(count=300))
  texts = strings(sorted(set(re.findall(r"[A-Za-z]+", corpus))))
  subjects = {
    name: Tokenizer.from_file(str(root / name / "tokenizer.json")) for name in FOLDERS
  } | {"smollm2": smollm2(arguments.smollm2)}
  compared = check_against_sentencepiece(
    subjects["tiny-sentencepiece"],
    (root / "tiny-sentencepiece" / "tokenizer.model").read_bytes(), texts)
  print(f"{compared} strings agree with SentencePiece")
  random = random_module.Random(SEED + 1)
  result = {
    "description": "ids: Hugging Face tokenizers, add_special_tokens off; "
    "ids_with_special_of_first: the first strings with add_special_tokens on; "
    "decoded_where_different: by index, what the ids decode to with special tokens kept, where "
    "that is not the string itself; random_decodings: text of arbitrary ids.",
    "tokenizers": tokenizers.__version__, "seed": SEED, "strings": texts,
    "subjects": {name: golden(subject, texts, random) for name, subject in subjects.items()},
  }
  path = root / "golden" / "tokenizer" / "strings.json"
  path.parent.mkdir(parents=True, exist_ok=True)
  path.write_text(
    json.dumps(result, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="ascii")
  for name, subject in result["subjects"].items():
    print(name, sum(map(len, subject["ids"])), "ids,",
          len(subject["decoded_where_different"]), "decoded otherwise")


if __name__ == "__main__":
  main()
