"""Writes golden/tokenizer/pre-tokenizers.json: the 1,300 strings cut by the pre-tokenizer of every family.

  python make_pretokenizer_goldens.py [--output ..] [--llama-cpp]

Each subject is the vocabulary of tiny-llama under another pre-tokenizer and normalizer, encoded by
Hugging Face tokenizers; what is stored is where the ids differ from tiny-llama's own. One more, gemma, is
tiny-sentencepiece's under the normalizer and pre-tokenizer of Gemma. With --llama-cpp
(llama-cpp-python) each subject that GGUF files name is compared with llama.cpp's tokenizer of that name.
"""

import argparse
import json
import tempfile
from pathlib import Path

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
END = r"\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + END
QWEN2 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + END
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"


def words(suffix: str) -> str:
  before = r"[^\r\n\p{L}\p{N}]?"
  return f"{before}{UPPER}*{LOWER}+{suffix}|{before}{UPPER}+{LOWER}*{suffix}"


GPT_4O = words(CONTRACTIONS + "?") + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + END
TEKKEN = words("") + r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + END
IDEOGRAPHS = "[一-龥ࠀ-一가-퟿]+"
CASED = (
  "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u1f7d"
  "ᾀ-ᾴᾶ-ᾼ\u1fbeῂ-ῄῆ-ῌῐ-\u1fd3ῖ-\u1fdbῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212a-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ"
  "𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃")
DEEPSEEK_LLM = [
  "[\r\n]", r"\s?[" + CASED + "]+", r"\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", IDEOGRAPHS]
DEEPSEEK_CODER = ["[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", IDEOGRAPHS, r"\p{N}"]
DEEPSEEK_3 = [
  r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+",
  r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
  r"| ?[\p{P}\p{S}]+[\r\n]*|" + END]


def splits(*expressions: str) -> list:
  return [pre_tokenizers.Split(Regex(text), "isolated") for text in expressions]


def without_regex() -> list:
  return [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]


def digits(individual: bool) -> list:
  return [pre_tokenizers.Digits(individual_digits=individual)]


# Steps, whether text is composed first, and the name that GGUF files have for it.
SUBJECTS = {
  "llama3": (splits(LLAMA3) + without_regex(), False, "llama-bpe"),
  "dbrx": (splits(LLAMA3) + without_regex(), False, "dbrx"),
  "qwen2": (splits(QWEN2) + without_regex(), True, "qwen2"),
  "gpt-4o": (splits(GPT_4O) + without_regex(), False, "gpt-4o"),
  "tekken": (splits(TEKKEN) + without_regex(), False, "tekken"),
  "refact": (digits(True) + [pre_tokenizers.ByteLevel(add_prefix_space=False)], False, "refact"),
  "command-r": (
    digits(True) + [pre_tokenizers.ByteLevel(add_prefix_space=False)], True, "command-r"),
  "deepseek-llm": (
    splits(*DEEPSEEK_LLM) + digits(False) + without_regex(), False, "deepseek-llm"),
  "deepseek-coder": (splits(*DEEPSEEK_CODER) + without_regex(), False, "deepseek-coder"),
  "deepseek-v3": (splits(*DEEPSEEK_3) + without_regex(), False, "deepseek-v3"),
  "mpt": ([pre_tokenizers.ByteLevel(add_prefix_space=False)], False, "mpt"),
}


def subject(base: dict, steps: list, composes: bool) -> Tokenizer:
  vocabulary = base["model"]["vocab"]
  merges = [tuple(pair if isinstance(pair, list) else pair.split(" ")) for pair in base["model"]["merges"]]
  tokenizer = Tokenizer(models.BPE(vocabulary, merges))
  if composes:
    tokenizer.normalizer = normalizers.NFC()
  tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
  tokenizer.decoder = decoders.ByteLevel()
  return tokenizer


def gemma(base: dict, texts: list[str]) -> dict:
  """Spaces are marked and no mark is put before a text; the split behind spaces then finds none."""
  tokenizer = Tokenizer.from_str(json.dumps(base | {"post_processor": None}))
  tokenizer.normalizer = normalizers.Replace(" ", "▁")
  tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
  tokenizer.decoder = decoders.Sequence(
    [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
  state = json.loads(tokenizer.to_str())
  return {key: state[key] for key in ("normalizer", "pre_tokenizer", "decoder")} | {
    "ids": [row.ids for row in tokenizer.encode_batch(texts, add_special_tokens=False)]}


def llama_cpp_ids(base: dict, name: str, texts: list[str]) -> list[list[int]]:
  import gguf
  import llama_cpp

  vocabulary = sorted(base["model"]["vocab"], key=base["model"]["vocab"].get)
  path = Path(tempfile.mkdtemp()) / "vocabulary.gguf"
  writer = gguf.GGUFWriter(path, "llama")
  for add, value in [
    (writer.add_block_count, 1), (writer.add_context_length, 64), (writer.add_embedding_length, 8),
    (writer.add_head_count, 1), (writer.add_feed_forward_length, 8)]:
    add(value)
  writer.add_layer_norm_rms_eps(1e-5)
  writer.add_tokenizer_model("gpt2")
  writer.add_tokenizer_pre(name)
  writer.add_token_list(vocabulary)
  writer.add_token_types([gguf.TokenType.NORMAL] * len(vocabulary))
  writer.add_token_merges([
    merge if isinstance(merge, str) else " ".join(merge) for merge in base["model"]["merges"]])
  for file in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.close):
    file()
  model = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
  return [model.tokenize(text.encode(), add_bos=False, special=False) for text in texts]


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  parser.add_argument("--llama-cpp", action="store_true")
  arguments = parser.parse_args()
  base = json.loads((arguments.output / "tiny-llama" / "tokenizer.json").read_text())
  strings = json.loads((arguments.output / "golden" / "tokenizer" / "strings.json").read_text())
  sentencepiece = json.loads(
    (arguments.output / "tiny-sentencepiece" / "tokenizer.json").read_text())
  # Added tokens are tiny-llama's own affair.
  added = [
    token["content"] for token in base["added_tokens"] + sentencepiece["added_tokens"]]
  texts = [text for text in strings["strings"] if not any(token in text for token in added)]
  result = {}
  plain = [row.ids for row in subject(
    base, [pre_tokenizers.ByteLevel(add_prefix_space=False)], False).encode_batch(texts)]
  for name, (steps, composes, gguf_name) in SUBJECTS.items():
    tokenizer = subject(base, steps, composes)
    ids = [row.ids for row in tokenizer.encode_batch(texts)]
    different = {str(i): row for i, row in enumerate(ids) if row != plain[i]}
    state = json.loads(tokenizer.to_str())
    result[name] = {
      "gguf": gguf_name, "normalizer": state["normalizer"], "pre_tokenizer": state["pre_tokenizer"],
      "ids_where_different": different,
    }
    line = f"{name}: {len(different)} of {len(texts)} differ from GPT-2's"
    if arguments.llama_cpp:
      theirs = llama_cpp_ids(base, gguf_name, texts)
      off = [texts[i] for i, row in enumerate(ids) if row != theirs[i]]
      line += f"; llama.cpp differs in {len(off)}, such as {off[:4]!r}"
    print(line)
  path = arguments.output / "golden" / "tokenizer" / "pre-tokenizers.json"
  path.write_text(json.dumps({
    "description": "ids of the strings under other pre-tokenizers, where they differ from GPT-2's",
    "tokenizers": tokenizers.__version__, "strings": texts, "gpt2_ids": plain, "subjects": result,
    "gemma": gemma(sentencepiece, texts),
  }, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="ascii")


if __name__ == "__main__":
  main()
