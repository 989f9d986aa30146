"""Writes golden/template-constructs.json: what jinja2, set up as transformers does, makes of small templates
for every construct that chat templates use.

  python make_construct_goldens.py [--output ..]
"""

import argparse
from pathlib import Path

import jinja2
import transformers
from model_folder import write_json
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

MESSAGES = [
  {"role": "system", "content": "Be brief."}, {"role": "user", "content": " hé \"x\"\n"},
  {"role": "assistant", "content": "<think>\nwhy\n</think>\n\nbecause"},
  {"role": "user", "content": "two words"},
]
TOKENS = {
  "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
  "sep_token": "<sep>", "cls_token": "<cls>", "mask_token": "<mask>",
}
CONSTRUCTS = [
  # Macros.
  "{% macro f(x) %}[{{ x }}]{% endmacro %}{{ f(1) }}{{ f('a') }}{{ f(x=2) }}",
  "{% macro f(x, y='d') %}{{ x }}{{ y }}{% endmacro %}{{ f(1) }}{{ f(1, 2) }}{{ f(1, y=3) }}",
  "{% macro f(x) %}{{ x is defined }}{% endmacro %}{{ f() }}{{ f(1) }}",
  "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(1, 2) }}",
  "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(z=1) }}",
  "{% set a = 1 %}{% macro f() %}{{ a }}{% endmacro %}{{ f() }}",
  "{% macro f() %}{{ a }}{% endmacro %}{% set a = 1 %}{{ f() }}",
  "{% macro f() %}{% set a = 2 %}{{ a }}{% endmacro %}{% set a = 1 %}{{ f() }}{{ a }}",
  "{% macro f(m) %}{{ m.role }}{% endmacro %}{% for m in messages %}{{ f(m) }} {% endfor %}",
  "{% macro f(n) %}{% if n %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
  "{% macro f() %}  x  {% endmacro %}{{ f() | trim }}|{{ f().strip() }}|{{ f() | length }}",
  "{% macro f(n) %}{% for i in range(n) %}{{ loop.index }}{% endfor %}{% endmacro %}{{ f(2) ~ '!' }}",
  "{%- macro f(x) -%}\n  {{ x }}\n{%- endmacro -%}\n{{ f(1) }}",
  # Tuples.
  "{{ (1, 2)[1] }}{{ (1,) | length }}{{ () | length }}{{ (3) }}",
  "{% for a in 1, 2 %}{{ a }}{% endfor %}", "{% for a in (1, 2) %}{{ a }}{% endfor %}",
  "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a, b = (3, 4) %}{{ a }}{{ b }}",
  "{% set (a, b) = [5, 6] %}{{ a }}{{ b }}", "{% set a, b = [1, 2, 3] %}{{ a }}",
  "{% for (a, b) in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}",
  "{{ 'user' in ('user', 'tool') }}{{ 1 in (2,) }}", "{{ (1, 2) == (1, 2) }}",
  # Dotted indices.
  "{{ messages.0.role }}{{ messages.1.content.1 }}", "{{ [[1, 2], [3]].0.1 }}",
  # Signs.
  "{{ +1 }}{{ -1 }}{{ - -1 }}{{ +-1 }}{{ 1 - -1 }}{{ +true }}", "{{ +'a' }}",
  # Filters and methods of texts.
  "{{ 'hELLO wORLD' | capitalize }}|{{ 'hELLO wORLD' | title }}|{{ 'hELLO wORLD'.title() }}",
  "{{ 'hELLO'.capitalize() }}|{{ \"it's\".title() }}|{{ 'a-b_c 1d'.title() }}",
  "{{ 'élan ǆ'.title() }}|{{ 'ELAN'.capitalize() }}|{{ '' | capitalize }}",
  "{{ 'a b\tc\n d '.split() }}{{ 'a b'.split() | length }}", "{{ ' a  b '.split() | join('-') }}",
  "{{ 'a\nb\r\nc\n'.splitlines() | join('|') }}", "{{ ''.splitlines() | length }}",
  "{{ 'xay'.removeprefix('x') }}{{ 'xay'.removesuffix('y') }}{{ 'xay'.removeprefix('z') }}",
  "{{ 'banana'.count('an') }}{{ 'banana'.find('n') }}{{ 'banana'.find('z') }}",
  "{{ ' x ' | trim }}|{{ '--x--' | trim('-') }}|{{ 'xxaxx'.strip('x') }}|{{ 'xxa'.lstrip('x') }}",
  "{{ 'aXbX' | replace('X', '.') }}{{ 12 | replace('1', 'x') }}",
  "{{ messages[2].content.split('</think>')[-1].lstrip('\\n') }}",
  "{{ messages[2].content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') }}",
  "{{ 'abc' | reverse }}{{ [1, 2] | reverse | list | join }}",
  "{{ 'a' * 3 }}", "{{ 7 / 2 }}",
  "{{ '5' | int + 1 }}{{ 'x' | int }}{{ 'x' | int(9) }}{{ -3 | abs }}",
  # Block set.
  "{% set x %}a{{ 1 }}b{% endset %}{{ x }}{{ x | length }}",
  "{% set x | trim %}  a  {% endset %}[{{ x }}]",
  "{% set x | trim | upper %}  a  {% endset %}[{{ x }}]",
  "{% set n = namespace(x='') %}{% set n.x %}q{% endset %}{{ n.x }}",
  "{% for i in [1] %}{% set x %}{{ i }}{% endset %}{{ x }}{% endfor %}{{ x }}",
  # Slices.
  "{{ [0, 1, 2, 3, 4][::2] | join }}|{{ [0, 1, 2, 3, 4][1::2] | join }}|{{ [0, 1, 2, 3][::-1] | join }}",
  "{{ [0, 1, 2, 3, 4][3:0:-1] | join }}|{{ [0, 1, 2, 3, 4][-2::-2] | join }}|{{ 'abcdef'[::-2] }}",
  "{{ 'abc'[5:] }}|{{ 'abc'[:-5] }}|{{ 'abc'[-5:2] }}|{{ 'abc'[2:1] }}|{{ 'abc'[-1:-4:-1] }}",
  "{% for m in messages[::-1] %}{{ m.role }} {% endfor %}", "{{ 'abc'[::0] }}",
  # Loops.
  "{% for i in [1, 2, 3, 4] %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
  "{% for i in [1, 2, 3, 4] %}{% if i is even %}{% continue %}{% endif %}{{ i }}{% endfor %}",
  "{% for i in [1, 2] %}{% for j in [1, 2, 3] %}{% if j == 2 %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}",
  "{% for i in [] %}{{ i }}{% else %}none{% endfor %}{% for i in [1] %}{{ i }}{% else %}none{% endfor %}",
  "{% for i in [1, 2] if i > 2 %}{{ i }}{% else %}none{% endfor %}",
  "{% for i in [1, 2] %}{% break %}{% else %}none{% endfor %}|",
  "{% for k, v in {'a': 1, 'b': 2} | items %}{{ k }}{{ v }}{{ loop.last }} {% endfor %}",
  "{% for m in messages %}{{ loop.previtem.role if loop.previtem is defined }}>{{ m.role }} {% endfor %}",
  "{{ loop is defined }}{% break %}",
  # Selections.
  "{{ none | selectattr('a') | list | length }}{{ [] | selectattr('a') | list | length }}",
  "{{ none | rejectattr('a') | list }}", "{{ none | select | list | length }}",
  "{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('|') }}",
  "{{ messages | rejectattr('role', '==', 'user') | list | length }}",
  "{{ messages | map(attribute='role') | join(' ') }}{{ ['a', 'b'] | map('upper') | join }}",
  "{{ [1, 2, 3] | select('odd') | list | join }}{{ [1, 2, 3] | reject('odd') | list | join }}",
  "{{ [0, 1, ''] | select | list | length }}", "{{ messages | selectattr('name', 'defined') | list | length }}",
  "{{ messages | selectattr('role', 'in', ['user', 'tool']) | list | length }}",
  # Members.
  "{{ [1, 2][true] }}{{ 'ab'[false] }}", "{{ messages[0].keys is defined }}{{ messages[0].nope is defined }}",
  "{{ messages[0]['keys'] is defined }}{{ messages[0].items is defined }}{{ 'a'.upper is defined }}",
  "{% set d = {'items': 1} %}{{ d['items'] }}{{ d.items is number }}{{ d.get('items') }}",
  "{{ messages[9] is defined }}{{ messages[0]['x'] }}|", "{{ messages[0].x.y }}", "{{ nope.x }}",
  "{{ messages[0].content.x is defined }}", "{{ messages[0].items is callable }}{{ 1 is callable }}",
  # Special tokens.
  "{{ bos_token }}{{ eos_token }}{{ pad_token }}{{ unk_token }}{{ sep_token }}{{ cls_token }}{{ mask_token }}",
  "{{ image_token is defined }}", "{{ bos_token + 'x' }}",
  # JSON.
  "{{ 'a\"b\\\\c\\n\\té<' | tojson }}", "{{ {'a': [1, true, none], 'b': {}} | tojson }}",
  "{{ {'a': [1, {'b': 2}], 'c': []} | tojson(indent=2) }}", "{{ [] | tojson }}{{ messages | tojson }}",
  "{{ 'x' | tojson(indent=4) }}", "{{ [1, 2] | tojson(indent=4) }}",
  # Tests.
  "{{ 1 is integer }}{{ true is integer }}{{ 'a' is integer }}{{ 1 is float }}{{ 1 is number }}",
  "{{ 'a' is in ['a'] }}{{ 'a' is in 'abc' }}{{ 'x' is not in 'abc' }}",
  "{{ messages is iterable }}{{ messages is mapping }}{{ messages[0] is mapping }}{{ 'a' is string }}",
  "{{ none is none }}{{ x is undefined }}{{ false is false }}{{ 1 is true }}{{ messages is sequence }}",
  # What fails.
  "{{ raise_exception('no') }}", "{{ 1 + 'a' }}", "{{ 'a' | nosuch }}", "{{ x() }}",
  "{% if %}", "{{ (1, 2 }}", "{% for %}",
]


def render(tokenizer, source: str) -> str | None:
  try:
    return tokenizer.apply_chat_template(
      MESSAGES, chat_template=source, tokenize=False, add_generation_prompt=True)
  except (jinja2.exceptions.TemplateError, TypeError, ValueError, AttributeError, SyntaxError):
    return None


def main() -> None:
  parser = argparse.ArgumentParser(description=__doc__)
  here = Path(__file__).resolve().parent
  parser.add_argument("--output", type=Path, default=here.parent)
  root = parser.parse_args().output
  tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()), **TOKENS)
  cases = [{"template": source, "text": render(tokenizer, source)} for source in CONSTRUCTS]
  write_json(root / "golden" / "template-constructs.json", {
    "description": "text is what apply_chat_template renders, null where it raises an exception.",
    "transformers": transformers.__version__, "jinja2": jinja2.__version__,
    "messages": MESSAGES, "tokens": TOKENS, "cases": cases,
  })
  print(len(cases), "templates,", sum(case["text"] is None for case in cases), "of them fail")


if __name__ == "__main__":
  main()
