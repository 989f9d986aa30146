"""Prompts, and our plain continuations of them."""

import json
from pathlib import Path

from models import Model
from our_program import Arithmetic, Failure, OurProgram

ROOT = Path(__file__).resolve().parents[2]
USUAL_PROMPTS = ROOT / "Fixtures/prompts.jsonl"


def read_prompts(path: Path, limit: int | None) -> dict[str, dict]:
  """The prompts of a file by their ids, all or the first ones."""
  prompts = {}
  for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
    try:
      prompt = json.loads(line)
      prompts[prompt["id"]] = {"chat": prompt["chat"], "prompt": prompt["prompt"]}
    except (ValueError, KeyError, TypeError):
      raise Failure(f"Line {number} of {path} is not a prompt with id, chat and prompt.") from None
  return dict(list(prompts.items())[:limit])


class PlainTexts:
  """What our plain decoding makes of each prompt, untimed; made when it is asked for first."""

  def __init__(self, ours: OurProgram, model: Model, ids: dict[str, list[int]], tokens: int):
    self.ours = ours
    self.model = model
    self.ids = ids
    self.tokens = tokens
    self.texts: dict[tuple[str, Arithmetic], dict[str, dict]] = {}

  def of(self, format: str, arithmetic: Arithmetic) -> dict[str, dict]:
    """The command's reports by prompt."""
    key = (format, arithmetic)
    if key not in self.texts:
      file = self.model.file(format)
      self.texts[key] = {
        name: self.ours.generate_plainly(file, prompt, self.tokens, arithmetic)
        for name, prompt in self.ids.items()
      }
    return self.texts[key]
