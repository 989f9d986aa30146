"""Runs a sweep on a server with OpenAI's completions: openai_rows.py FOLDER --url URL --model NAME.

No request says how many rows a pass has. What can be varied is what is computed together: tokens that
the server makes itself are computed one by one, and those of a prompt that it echoes in one pass.
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

import sweep_files

# What one entry lists: log-probabilities by token id; None where nothing was said.
Listed = dict[int, float] | None


class Server:
  """An endpoint that takes token ids as prompt and names tokens by their ids."""

  def __init__(self, url: str, model: str, count: int, key: str | None = None):
    self.url, self.model, self.count, self.key = url.rstrip("/"), model, count, key

  def complete(
    self, prompt: list[int], tokens: int, echo: bool = False
  ) -> tuple[list[int], list[Listed]]:
    """Tokens, those of the prompt too if they are echoed, and what each was chosen from."""
    body = {
      "model": self.model, "prompt": prompt, "max_tokens": tokens, "echo": echo, "temperature": 0,
      "logprobs": self.count,
      # vLLM's words for ids instead of texts, and for going on behind the end of a text.
      "return_tokens_as_token_ids": True, "ignore_eos": True,
    }
    headers = {"Content-Type": "application/json"}
    if self.key:
      headers["Authorization"] = f"Bearer {self.key}"
    request = urllib.request.Request(
      f"{self.url}/completions", json.dumps(body).encode(), headers)
    try:
      with urllib.request.urlopen(request, timeout=600) as answer:
        choice = json.load(answer)["choices"][0]
    except urllib.error.HTTPError as error:
      words = error.read(300).decode(errors="replace")
      sys.exit(f"{request.full_url} answers {error.code}: {words}")
    except (OSError, ValueError, LookupError, TypeError) as error:
      sys.exit(f"{request.full_url} gives no completion: {error!r}")
    try:
      found = entries(choice, prompt if echo else [])
    except (LookupError, TypeError, ValueError, AttributeError) as error:
      sys.exit(f"{request.full_url} lists no log-probabilities by token id: {error}")
    # A server that puts a token of its own before a text would move all rows.
    expected = len(prompt) + tokens if echo else tokens
    if len(found[0]) > expected or echo and found[0][:len(prompt)] != prompt:
      sys.exit(f"{request.full_url} does not take the prompt as it is: it has other tokens.")
    return found


def entries(choice: dict, echoed: list[int]) -> tuple[list[int], list[Listed]]:
  """The tokens of a choice and what each was chosen from, in any of three forms.

  `echoed` is the prompt, where it was asked for.
  """
  logprobs = choice["logprobs"]
  if logprobs.get("content"):
    # As chat completions have it; llama.cpp's server adds ids.
    made = logprobs["content"]
    tokens = [int(entry["id"]) for entry in made]
    lists: list[Listed] = [
      {int(other["id"]): other["logprob"] for other in entry["top_logprobs"]} for entry in made]
  else:
    tokens = [token_id(text) for text in logprobs["tokens"]]
    lists = [
      None if listed is None else {token_id(text): value for text, value in listed.items()}
      for listed in logprobs["top_logprobs"]]
  before = choice.get("prompt_logprobs")
  if echoed and before and len(before) == len(echoed) and len(tokens) < len(echoed):
    # vLLM's own field, of the prompt alone.
    tokens = echoed + tokens
    lists = [
      None if listed is None else {int(token): one["logprob"] for token, one in listed.items()}
      for listed in before] + lists
  return tokens, lists


def token_id(text: str) -> int:
  if not text.startswith("token_id:"):
    raise ValueError(
      f"{text!r} is a text, where vLLM has ids if asked for \"return_tokens_as_token_ids\"")
  return int(text.removeprefix("token_id:"))


def alone(server: Server, prefix: list[int], continuation: list[int]) -> list[Listed]:
  """What follows each token of the continuation, each computed alone.

  The server makes the text itself. Where it chooses another token, which its arithmetic may do, it
  begins again behind the right one, of which nothing is known then: it was read with the prompt.
  """
  rows: list[Listed] = [None] * len(continuation)
  start = 0
  while start < len(continuation):
    rest = continuation[start:]
    tokens, lists = server.complete(prefix + continuation[:start], len(rest) + 1)
    # The first entry comes with the prompt; the next says what follows the first token, and so on.
    same = 0
    while same < min(len(rest), len(lists) - 1) and tokens[same] == rest[same]:
      rows[start + same] = lists[same + 1]
      same += 1
    start += same + 1
  return rows


def together(
  server: Server, prefix: list[int], continuation: list[int], count: int
) -> list[Listed]:
  """The same, `count` tokens in a pass behind what the server has in its cache of the text before."""
  rows: list[Listed] = []
  for start in range(0, len(continuation), count):
    text = prefix + continuation[:start + count]
    _, lists = server.complete(text, 1, echo=True)
    rows += lists[len(prefix) + start + 1:len(text) + 1]
  return rows


def write(path: Path, continuation: list[int], rows: list[Listed], count: int) -> None:
  """Writes rows as a completion: what follows a token is the entry of the next."""
  # Servers add the token of the text to the most probable ones, where it is none of them.
  lists = [
    listed and dict(sorted(listed.items(), key=lambda one: (-one[1], one[0]))[:count])
    for listed in rows]
  tokens = list(continuation)
  if lists[-1]:
    tokens.append(max(lists[-1], key=lists[-1].get))
  else:
    lists.pop()
  logprobs = {
    "tokens": [f"token_id:{token}" for token in tokens],
    "token_logprobs": [None] * len(tokens),
    "top_logprobs": [
      listed and {f"token_id:{token}": value for token, value in listed.items()}
      for listed in [None, *lists]],
  }
  partial = path.with_name(f".{path.name}.partial")
  partial.write_text(json.dumps({"choices": [{"logprobs": logprobs}]}))
  partial.replace(path)


def run(folder: Path, server: Server) -> None:
  plan = sweep_files.read(folder)
  prefix, continuation = plan["prefix"], plan["continuation"]
  for count in (sweep["rows"] for sweep in plan["sweeps"]):
    rows = (
      alone(server, prefix, continuation) if count == 1
      else together(server, prefix, continuation, count))
    write(folder / f"rows-{count}.json", continuation, rows, server.count)
    print(f"{count} rows: {sum(map(bool, rows))} of {len(rows)} known", flush=True)


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
  parser.add_argument("folder", type=Path, help="made by lookahead sweep --out")
  parser.add_argument("--url", required=True, help="such as http://localhost:8000/v1")
  parser.add_argument("--model", required=True, help="the name that the server has for it")
  parser.add_argument("--logprobs", type=int, default=5, help="tokens to list (default: 5)")
  parser.add_argument("--key-from", help="the environment variable that has a key, if one is needed")
  options = parser.parse_args()
  if options.logprobs < 2:
    parser.error("--logprobs must be at least 2: the most probable tokens are compared.")
  key = os.environ.get(options.key_from) if options.key_from else None
  if options.key_from and not key:
    parser.error(f"the environment variable {options.key_from} is empty.")
  run(options.folder, Server(options.url, options.model, options.logprobs, key))


if __name__ == "__main__":
  main()
