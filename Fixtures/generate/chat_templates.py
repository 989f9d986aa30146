"""Jinja chat templates of the five families that the package knows, and some that look like them.

Each was written for this file from the documented prompt format of its family.
"""

CHATML_PLAIN = """\
{%- for message in messages -%}
{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}
"""

# [INST] <<SYS>> of Llama 2: the system message moves into the first user message.
LLAMA2 = """\
{%- if messages[0]['role'] == 'system' -%}
{%- set turns = messages[1:] -%}{%- set system = messages[0]['content'] -%}
{%- else -%}
{%- set turns = messages -%}{%- set system = none -%}
{%- endif -%}
{%- for message in turns -%}
{%- if (message['role'] == 'user') != (loop.index0 is even) -%}
{{ raise_exception('roles must alternate, the user first') }}
{%- endif -%}
{%- if message['role'] == 'user' -%}
{%- if loop.first and system is not none -%}
{%- set content = '<<SYS>>\n' + system + '\n<</SYS>>\n\n' + message['content'] -%}
{%- else -%}{%- set content = message['content'] -%}{%- endif -%}
{{ bos_token + '[INST] ' + content | trim + ' [/INST]' }}
{%- else -%}
{{ ' ' + message['content'] | trim + ' ' + eos_token }}
{%- endif -%}
{%- endfor -%}
"""

LLAMA3 = """\
{%- for message in messages -%}
{%- if loop.first -%}{{ bos_token }}{%- endif -%}
{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' }}
{{- message['content'] | trim + '<|eot_id|>' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif -%}
"""

ZEPHYR = """\
{%- for message in messages -%}
{{ '<|' + message['role'] + '|>\n' + message['content'] + eos_token + '\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|assistant|>\n' }}{%- endif -%}
"""

MISTRAL = """\
{{- bos_token -}}
{%- for message in messages -%}
{%- if (message['role'] == 'user') != (loop.index0 is even) -%}
{{ raise_exception('roles must alternate, the user first') }}
{%- endif -%}
{%- if message['role'] == 'user' -%}
{{ '[INST] ' + message['content'] + ' [/INST]' }}
{%- elif message['role'] == 'assistant' -%}
{{ message['content'] + eos_token }}
{%- endif -%}
{%- endfor -%}
"""

# What follows differs from one of the above in a detail, as published models do. A reader that
# takes one of these for its family renders it wrongly.
MISTRAL_SPACE_AFTER_END = MISTRAL.replace("+ eos_token }}", "+ eos_token + ' ' }}")
MISTRAL_TIGHT = MISTRAL.replace("' [/INST]'", "'[/INST]'").replace(
  "{{ message['content'] + eos_token }}", "{{ ' ' + message['content'] | trim + eos_token }}")
LLAMA3_DATED = LLAMA3.replace(
  "{{- message['content'] | trim",
  "{%- if loop.first and message['role'] == 'system' -%}{{ 'Cutting Knowledge Date: December "
  "2023\\nToday Date: 26 Jul 2024\\n\\n' }}{%- endif -%}\n{{- message['content'] | trim")
CHATML_TRIMMED = CHATML_PLAIN.replace("message['content']", "message['content'] | trim")

FAMILIES = {
  # name: (source, beginning-of-text token, end-of-text token)
  "chatml-plain": (CHATML_PLAIN, "<|im_start|>", "<|im_end|>"),
  "llama2": (LLAMA2, "<s>", "</s>"),
  "llama3": (LLAMA3, "<|begin_of_text|>", "<|eot_id|>"),
  "zephyr": (ZEPHYR, "<s>", "</s>"),
  "mistral": (MISTRAL, "<s>", "</s>"),
}
LOOKALIKES = {
  "mistral-space-after-end": (MISTRAL_SPACE_AFTER_END, "<s>", "</s>"),
  "mistral-tight": (MISTRAL_TIGHT, "<s>", "</s>"),
  "llama3-dated": (LLAMA3_DATED, "<|begin_of_text|>", "<|eot_id|>"),
  "chatml-trimmed": (CHATML_TRIMMED, "<|im_start|>", "<|im_end|>"),
}
