"""Writes golden/chat-templates.json: conversations as transformers' template engine renders them.

  python make_chat_goldens.py --smollm2 SmolLM2-135M-Instruct.Q4_1.gguf [--output ..]

The GGUF file is needed for SmolLM2's own template, which is stored with what it renders.
"""

import argparse
from pathlib import Path

import gguf
import jinja2
import tiny_llama_tokenizer
import transformers
from chat_templates import FAMILIES, LOOKALIKES
from model_folder import write_json
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

CONVERSATIONS = {
  "one question": [("user", "Tell me a story about a fox.")],
  "system message": [("system", "You are a pirate."), ("user", "Who are you?")],
  "two turns": [
    ("user", "What is 2 plus 2?"), ("assistant", "It is 4."), ("user", "And plus 3?"),
  ],
  "two turns and system message": [
    ("system", "Answer with numbers."), ("user", "What is 2 plus 2?"), ("assistant", "4"),
    ("user", "And plus 3?"),
  ],
  "three turns": [
    ("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d"), ("user", "e"),
  ],
  "ends with the assistant": [("user", "Hello"), ("assistant", "Hello! How are you?")],
  "space around": [
    ("system", "  Be brief.\n"), ("user", "\n  Hi there \n\n"), ("assistant", "  Hi.  "),
    ("user", " ok\t"),
  ],
  "several lines and scripts": [("user", "Zeile 1\nZeile 2\n\n日本語 🦊 {{ x }} {% y %} 'q' \"q\"")],
  "empty content": [("system", ""), ("user", "")],
  "empty system message": [("system", ""), ("user", "Hello")],
  "assistant first": [("assistant", "Hello"), ("user", "Hi")],
  "user twice": [("user", "Hello"), ("user", "Are you there?")],
  "system message in the middle": [
    ("user", "Hello"), ("assistant", "Hi."), ("system", "Be brief."), ("user", "Why?"),
  ],
}


def render(source: str, bos: str, eos: str, messages: list[dict], prompt: bool) -> str | None:
  """The text, or None where the template refuses the conversation."""
  tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=Tokenizer(models.BPE()), bos_token=bos, eos_token=eos)
  try:
    return tokenizer.apply_chat_template(
      messages, chat_template=source, tokenize=False, add_generation_prompt=prompt)
  except jinja2.exceptions.TemplateError:
    return None


def golden(source: str, bos: str, eos: str) -> dict:
  cases = []
  for name, turns in CONVERSATIONS.items():
    messages = [{"role": role, "content": content} for role, content in turns]
    for prompt in (True, False):
      cases.append({
        "conversation": name, "add_generation_prompt": prompt,
        "text": render(source, bos, eos, messages, prompt),
      })
  return {"template": source, "bos_token": bos, "eos_token": eos, "cases": cases}


def smollm2(path: Path) -> tuple[str, str, str]:
  reader = gguf.GGUFReader(path)

  def value(key: str):
    return reader.get_field(f"tokenizer.{key}").contents()

  tokens = value("ggml.tokens")
  return (
    value("chat_template"), tokens[value("ggml.bos_token_id")], tokens[value("ggml.eos_token_id")])


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  parser.add_argument("--smollm2", type=Path, required=True, help="the model's GGUF file")
  arguments = parser.parse_args()
  tiny_llama = (
    tiny_llama_tokenizer.CHAT_TEMPLATE, tiny_llama_tokenizer.END_OF_TEXT,
    tiny_llama_tokenizer.TURN_END)
  families = {"smollm2": smollm2(arguments.smollm2), "tiny-llama": tiny_llama} | FAMILIES
  write_json(arguments.output / "golden" / "chat-templates.json", {
    "description": "text is what apply_chat_template renders, null where the template raises an "
    "exception. families: to be rendered exactly. lookalikes: to be rendered exactly or refused.",
    "transformers": transformers.__version__, "jinja2": jinja2.__version__,
    "conversations": {
      name: [{"role": role, "content": content} for role, content in turns]
      for name, turns in CONVERSATIONS.items()
    },
    "families": {name: golden(*template) for name, template in families.items()},
    "lookalikes": {name: golden(*template) for name, template in LOOKALIKES.items()},
  })


if __name__ == "__main__":
  main()
