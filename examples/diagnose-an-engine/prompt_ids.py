"""Token ids of a prompt, as `lookahead` has them, and what engines have done wrong about them."""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "check-a-backend"))
import command

OF_TEMPLATE = ["no-template", "no-generation-prompt"]
MISTAKES = ["first-token-missing", "first-token-doubled", *OF_TEMPLATE]
# Both models' template is ChatML, in which an answer begins so.
ANSWER = "<|im_start|>assistant\n"


def encoded(model: Path, text: str, *options: str) -> list[int]:
  asked = command.run("tokenize", "--model", model, "-p", text, *options, "--json")
  return json.loads(asked.stdout)["ids"]


def of_text(model: Path, text: str, chat: bool, mistake: str | None = None) -> list[int]:
  """As `lookahead generate` begins: in the chat template, or with --raw as it is."""
  ids = encoded(model, text, *["--chat"] * (chat and mistake != "no-template"))
  if chat and mistake == "no-generation-prompt":
    answer = encoded(model, ANSWER, "--no-bos")
    if ids[-len(answer):] != answer:
      raise SystemExit(f"The chat template of {model} does not end with {ANSWER!r}.")
    ids = ids[:-len(answer)]
  return with_first(ids, mistake)


def with_first(ids: list[int], mistake: str | None) -> list[int]:
  """Ids without their first, or with it twice, as an engine has them that adds it by itself."""
  if mistake == "first-token-missing":
    return ids[1:]
  return ids[:1] + ids if mistake == "first-token-doubled" else ids
