#!/usr/bin/env python3
"""Writes a few small inputs for each reader, for the fuzzer to begin with.

    make_seeds.py FOLDER

makes FOLDER/READER/0, 1, ...: whole files of each kind, and copies of them with bytes changed by a
seeded generator. Needs nothing but Python's standard library.
"""

import hashlib
import json
import pathlib
import random
import struct
import sys

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "Fixtures"
SEED = 20240901
MUTATIONS = 8


# --- GGUF

U32, I32, F32, BOOL, STRING, ARRAY, U64 = 4, 5, 6, 7, 8, 9, 10


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value(kind, content):
    if kind == STRING:
        return text(content)
    if kind == ARRAY:
        element, items = content
        packed = b"".join(value(element, item) for item in items)
        return struct.pack("<IQ", element, len(items)) + packed
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<B", U64: "<Q"}[kind], content)


def gguf(metadata, tensors):
    """`metadata`: (key, type, value); `tensors`: (name, dimensions, type, bytes)."""
    out = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, kind, content in metadata:
        out += text(key) + struct.pack("<I", kind) + value(kind, content)
    data = b""
    for name, dimensions, kind, content in tensors:
        out += text(name) + struct.pack("<I", len(dimensions))
        out += struct.pack(f"<{len(dimensions)}Q", *dimensions)
        out += struct.pack("<IQ", kind, len(data))
        data += content + bytes(-len(content) % 32)
    return out + bytes(-len(out) % 32) + data


ARCHITECTURE = [
    ("general.architecture", STRING, "llama"),
    ("llama.block_count", U32, 1),
    ("llama.context_length", U32, 16),
    ("llama.embedding_length", U32, 4),
    ("llama.feed_forward_length", U32, 6),
    ("llama.attention.head_count", U32, 2),
    ("llama.attention.head_count_kv", U32, 1),
    ("llama.attention.key_length", U32, 4),
    ("llama.attention.value_length", U32, 4),
    ("llama.attention.layer_norm_rms_epsilon", F32, 1e-5),
    ("llama.rope.freq_base", F32, 10000.0),
]


def model_tensors():
    shapes = {
        "token_embd.weight": [4, 6],
        "blk.0.attn_norm.weight": [4],
        "blk.0.attn_q.weight": [4, 8],
        "blk.0.attn_k.weight": [4, 4],
        "blk.0.attn_v.weight": [4, 4],
        "blk.0.attn_output.weight": [8, 4],
        "blk.0.ffn_norm.weight": [4],
        "blk.0.ffn_gate.weight": [4, 6],
        "blk.0.ffn_up.weight": [4, 6],
        "blk.0.ffn_down.weight": [6, 4],
        "output_norm.weight": [4],
    }
    tensors = []
    for name, shape in shapes.items():
        count = 1
        for size in shape:
            count *= size
        tensors.append((name, shape, 0, struct.pack(f"<{count}f", *range(count))))
    return tensors


def block_tensors():
    """One row in each of the formats of blocks: (type number, elements, bytes)."""
    formats = [(1, 8, 16), (30, 8, 16), (8, 32, 34), (2, 32, 18), (3, 32, 20), (6, 32, 22),
               (7, 32, 24), (10, 256, 84), (11, 256, 110), (12, 256, 144), (13, 256, 176),
               (14, 256, 210), (20, 32, 18), (23, 256, 136)]
    return [(f"t{number}", [elements, 1], number, bytes(i * 7 % 256 for i in range(size)))
            for number, elements, size in formats]


def byte_alphabet():
    """GPT-2's spelling of the bytes."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    spelled = dict(zip(printable, map(chr, printable)))
    spelled.update({byte: chr(0x100 + place) for place, byte in enumerate(others)})
    return [spelled[byte] for byte in range(256)]


CHATML = ("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
          "message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
          "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")


def byte_level_metadata(pre):
    tokens = ["<s>", "<|im_end|>", *"abcdeht", "Ġ", "th", "the", "Ġthe"]
    return [
        ("tokenizer.ggml.model", STRING, "gpt2"),
        ("tokenizer.ggml.pre", STRING, pre),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, tokens)),
        ("tokenizer.ggml.token_type", ARRAY, (I32, [3, 3] + [1] * (len(tokens) - 2))),
        ("tokenizer.ggml.merges", ARRAY, (STRING, ["t h", "th e", "Ġ the"])),
        ("tokenizer.ggml.bos_token_id", U32, 0),
        ("tokenizer.ggml.eos_token_id", U32, 1),
        ("tokenizer.ggml.add_bos_token", BOOL, 1),
        ("tokenizer.chat_template", STRING, CHATML),
    ]


def sentencepiece_metadata():
    tokens = ["<unk>", "<s>", "</s>", "<0x0A>", "<0xC3>", "<0xA9>", "▁", "t", "h", "e", "th", "▁the"]
    return [
        ("tokenizer.ggml.model", STRING, "llama"),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, tokens)),
        ("tokenizer.ggml.scores", ARRAY, (F32, [-float(i) for i in range(len(tokens))])),
        ("tokenizer.ggml.token_type", ARRAY, (I32, [2, 3, 3, 6, 6, 6, 1, 1, 1, 1, 1, 1])),
        ("tokenizer.ggml.bos_token_id", U32, 1),
        ("tokenizer.ggml.eos_token_id", U32, 2),
        ("tokenizer.ggml.unknown_token_id", U32, 0),
    ]


def gguf_seeds():
    tokens = [("tokenizer.ggml.model", STRING, "gpt2"),
              ("tokenizer.ggml.pre", STRING, "smollm"),
              ("tokenizer.ggml.tokens", ARRAY, (STRING, ["t", "h", "th", "e", "x", "y"])),
              ("tokenizer.ggml.merges", ARRAY, (STRING, ["t h"]))]
    nested = ("nested", ARRAY, (ARRAY, [(U32, [1, 2]), (BOOL, [0, 1])]))
    return [
        gguf(ARCHITECTURE + tokens, model_tensors()),
        gguf(ARCHITECTURE, model_tensors() + [("rope_freqs.weight", [2], 0, bytes([0, 0, 128, 63] * 2))]),
        gguf([nested, ("general.alignment", U32, 32)], block_tensors()),
        gguf([], []),
    ] + [gguf(architecture(name), model_tensors()) for name in FAMILY_KEYS]


# What the other architectures state beside LLaMA's keys.
FAMILY_KEYS = {
    "qwen2": [], "qwen3": [], "smollm3": [], "olmo2": [],
    "gemma2": [("attention.sliding_window", U32, 4), ("attn_logit_softcapping", F32, 50.0),
               ("final_logit_softcapping", F32, 30.0)],
    "gemma3": [("attention.sliding_window", U32, 4), ("rope.freq_base_swa", F32, 1e4),
               ("attention.sliding_window_pattern", ARRAY, (BOOL, [1]))],
    "granite": [("logit_scale", F32, 8.0), ("residual_scale", F32, 0.2),
                ("embedding_scale", F32, 12.0), ("attention.scale", F32, 0.1)],
    "phi3": [("attention.sliding_window", U32, 4), ("rope.scaling.type", STRING, "longrope"),
             ("rope.scaling.attn_factor", F32, 1.2)],
}


def architecture(name):
    """The metadata of LLaMA's architecture under another name, with the keys of its own."""
    renamed = [(key.replace("llama.", f"{name}."), kind, name if value == "llama" else value)
               for key, kind, value in ARCHITECTURE]
    return renamed + [(f"{name}.{key}", kind, value) for key, kind, value in FAMILY_KEYS[name]]


PRE_TOKENIZERS = ("smollm", "llama-bpe", "default", "gpt-2", "qwen2", "gpt-4o", "tekken", "falcon",
                  "deepseek-llm", "deepseek-coder", "deepseek-v3")


def gguf_tokenizer_seeds():
    return [gguf(byte_level_metadata(pre), []) for pre in PRE_TOKENIZERS] + [
        gguf(sentencepiece_metadata(), [])]


# --- Safetensors

def safetensors_seeds():
    def file(entries):
        header, data = {"__metadata__": {"format": "pt"}}, b""
        for name, kind, shape, size in entries:
            header[name] = {"dtype": kind, "shape": shape,
                            "data_offsets": [len(data), len(data) + size]}
            data += bytes(range(size))
        packed = json.dumps(header).encode()
        return struct.pack("<Q", len(packed)) + packed + data

    return [file([("a", "F32", [2, 3], 24), ("b", "F16", [4], 8), ("c", "BF16", [1, 2], 4)]),
            file([("s", "I64", [], 8), ("e", "F32", [0, 5], 0)]), file([])]


def index_seeds():
    both = {"a": "a.safetensors", "b": "b.safetensors"}
    return [json.dumps({"metadata": {"total_size": 8}, "weight_map": places}).encode()
            for places in (both, {"a": "a.safetensors"}, {"a": "../a"}, {})]


# --- JSON

CONFIG = {
    "model_type": "llama", "hidden_act": "silu", "vocab_size": 6, "hidden_size": 4,
    "intermediate_size": 6, "num_hidden_layers": 1, "num_attention_heads": 2,
    "num_key_value_heads": 1, "head_dim": 4, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
    "max_position_embeddings": 16, "tie_word_embeddings": True, "bos_token_id": 1,
    "eos_token_id": [2, 3],
}
LLAMA3_ROPE = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
               "high_freq_factor": 4.0, "original_max_position_embeddings": 16}


def config_seeds():
    configs = [CONFIG, CONFIG | {"rope_scaling": LLAMA3_ROPE},
               CONFIG | {"rope_parameters": {"type": "linear", "factor": 2.0}, "head_dim": None},
               CONFIG | {"model_type": "mistral", "sliding_window": None}]
    for path in sorted((FIXTURES / "families").glob("*.json")):
        configs += [entry["config"] for entry in json.loads(path.read_text())[:4]]
    return [json.dumps(config).encode() for config in configs] + [
        json.dumps(CONFIG).encode() + b"\0" + json.dumps({"eos_token_id": 4}).encode()]


def tokenizer_seeds():
    added = {"id": 4, "content": "<s>", "special": True, "lstrip": True, "rstrip": True,
             "single_word": True, "normalized": False}
    vocabulary = {"t": 0, "h": 1, "th": 2, "Ġ": 3}
    base = {"version": "1.0", "added_tokens": [added], "normalizer": None, "post_processor": None,
            "model": {"type": "BPE", "vocab": vocabulary, "merges": ["t h"]}}
    byte_level = base | {
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Digits", "individual_digits": True},
            {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True}]},
        "decoder": {"type": "ByteLevel"}}
    framed = byte_level | {"post_processor": {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}],
        "special_tokens": {"<s>": {"ids": [4]}}}}
    marks = {"type": "BPE", "vocab": {"<unk>": 0, "▁": 1, "t": 2, "h": 3, "th": 5, "<0x0A>": 6},
             "merges": [["t", "h"]], "unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True}
    replacing = base | {
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": "▁"},
            {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        "pre_tokenizer": None, "model": marks,
        "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
            {"type": "ByteFallback"}, {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}}
    space = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}
    metaspace = base | {"pre_tokenizer": space, "decoder": space, "model": marks}
    options = {"bos_token": "<s>", "eos_token": {"content": "<s>"}, "add_bos_token": True,
               "chat_template": CHATML,
               "added_tokens_decoder": {"9": {"content": "<e>", "special": True}}}
    files = [json.dumps(part, ensure_ascii=False).encode()
             for part in (byte_level, framed, replacing, metaspace)]
    return files + [files[0] + b"\0" + json.dumps(options).encode()]


def json_seeds():
    return [b'{"a": [1, -2.5e3, true, false, null, "\\u00e9\\ud83e\\udd8a\\n"]}', b"[]", b'""', b"0",
            b"[" * 100 + b"]" * 100]


# --- Texts

def template_seeds():
    goldens = json.loads((FIXTURES / "golden/chat-templates.json").read_text())
    templates = find_templates(goldens)
    constructs = json.loads((FIXTURES / "golden/template-constructs.json").read_text())
    templates += [case["template"] for case in constructs["cases"]]
    operations = [
        "{% for a in range(3) if a != 1 %}{{ loop.index0 ~ a }}{% else %}{% endfor %}",
        "{% set n = namespace(x=1) %}{% set n.x = n.x + 1 %}{{ n.x // 2 % 3 * -1 }}",
        "{{ messages[0].content | trim | upper | replace('a', 'b') | length }}",
        "{{ 'a,b'.split(',')[-1][0:1] if messages[1:] is defined else [1, 2] | join('-') }}",
        "{%- if not (1 < 2 <= 3) and 'a' in 'abc' or none is none -%}x{%- elif y %}{%- endif +%}",
        "{{ {'a': 1}.items() | list | first | last }}{# c #}{{ dict(a=1)['a'] }}",
        "{{ messages | selectattr('role', 'equalto', 'user') | list | length }}",
        "{% generation %}{{ strftime_now('%d %b %Y') }}{% endgeneration %}",
        "{% macro f(x) %}{% endmacro %}{{ '\\u00e9\\x41\\101' 'b' }}{{ raise_exception('no') }}",
    ]
    return [source.encode() for source in templates + operations]


def find_templates(node):
    """Every template in the golden file, at whatever depth."""
    if isinstance(node, str):
        return [node] if "{%" in node and len(node) < 6000 else []
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return [source for child in children for source in find_templates(child)]


def pool_cache_seeds():
    def file(texts):
        tokens = [token for one in texts for token in one]
        out = b"LOOKPOOL" + struct.pack("<III", 1, len(texts), len(tokens)) + bytes(range(32))
        return out + struct.pack(f"<{len(texts)}I", *map(len, texts)) + struct.pack(
            f"<{len(tokens)}I", *tokens)

    files = [file([[1, 2, 3], [4], []]), file([])]
    return files + [data + hashlib.sha256(data).digest() for data in files]


def draft_memory_seeds():
    def file(young, old):
        out = b"LOOKDRAF" + struct.pack("<III", 1, len(young), len(old)) + bytes(range(32))
        numbers = [0.5] * 80 + [3.0] * 20 + [4.0, 2.0] * 174
        out += struct.pack(f"<{len(numbers)}d", *numbers)
        for key, tokens in young + old:
            tokens = tokens + [0xFFFFFFFF] * (8 - len(tokens))
            out += struct.pack("<Q8I8H", key, *tokens, *range(8000, 0, -1000))
        return out

    files = [file([(1, [2, 3]), (4, list(range(8)))], [(9, [])]), file([], [])]
    return files + [data + hashlib.sha256(data).digest() for data in files]


def encoding_seeds():
    texts = ["The fox's 123 ½ tales,\r\n\n  and <|im_end|> more.", "é e\u0301 漢字 🦊 \u00a0▁▁ <s>",
             "aaaaaaaaaaaaaaaa   ", "'LL 'ſ", "<0x41><note>"]
    return [bytes([tokenizer | flag]) + one.encode()
            for one in texts for tokenizer in range(3) for flag in (0, 0x40)]


def streaming_seeds():
    generator = random.Random(SEED)
    return [bytes([tokenizer]) + b"".join(
        struct.pack(">H", generator.randrange(16, 400)) for _ in range(24))
        for tokenizer in (0, 1, 2, 64, 65, 66)]


# --- Recordings

def safetensors(entries):
    """`entries`: (name, element type, shape, bytes)."""
    header, data = {}, b""
    for name, kind, shape, content in entries:
        header[name] = {"dtype": kind, "shape": shape,
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    packed = json.dumps(header).encode()
    return struct.pack("<Q", len(packed)) + packed + data


def floats(kind, *values):
    return struct.pack(f"<{len(values)}{kind}", *values)


def recorded_safetensors_seeds():
    logits = ("logits", "F32", [2, 4], floats("f", -1, 0.5, float("inf"), 3, 1e-40, 5, 6, -0.0))
    hidden = ("hidden.0", "F64", [1, 2, 3], floats("d", *range(6)))
    weights = ("attention.1", "F16", [2, 2, 2], floats("e", 0, 1, 0.5, 0.25, float("nan"), 0, 1, 0))
    other = ("mask", "BF16", [2, 3], bytes(range(12)))
    return [safetensors([logits, hidden]), safetensors([weights, other, logits]),
            safetensors([("ids", "I64", [2], bytes(16)), logits]), safetensors([])]


def numpy_seeds():
    """Without the magic bytes, which the target puts before them."""
    def file(kind, shape, data, order="False", version=1):
        header = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
        length = struct.pack("<H" if version == 1 else "<I", len(header))
        return bytes([version, 0]) + length + header + data

    return [file("<f4", "(2, 4)", floats("f", 1, 2, -3, 4, 5, float("nan"), 7, 8)),
            file("<f8", "(1, 1, 4)", floats("d", 1, 2, -3, 4e300), version=2),
            file("<f2", "(4,)", floats("e", 1, 2, -3, 4), version=3),
            file("<f4", "(2, 2)", bytes(16), order="True"), file("<i8", "()", bytes(8)),
            file("<f4", "(0, 4)", b"")]


def llama_cpp_seeds():
    """Without the magic bytes, which the target puts before them."""
    def file(context, vocabulary, tokens, rows):
        chunks = len(tokens) // context
        out = struct.pack(f"<3i{len(tokens)}i", context, vocabulary, chunks, *tokens)
        for step, smallest, codes in rows:
            out += floats("f", step, smallest)
            out += struct.pack(f"<{vocabulary + vocabulary % 2}H", *codes)
        return out

    return [file(4, 4, [1, 2, 3, 0], [(1 / 8192, -4, [1, 2, 3, 4])]),
            file(5, 3, [0, 1, 2, 1, 0, 2, 2, 1, 1, 0],
                 [(1 / 8192, -4, [0, 7, 1, 0]), (1 / 16384, -2, [1, 2, 3, 9]), (0, -1.5, [0, 0, 0, 0]),
                  (1, -8, [8, 0, 0, 0])])]


def completion_seeds():
    entry = {"id": 1, "token": "a", "bytes": [97], "logprob": -1.5}
    chat = [entry | {"top_logprobs": [entry, {"token": "token_id:3", "logprob": -2}]},
            {"token": "e", "logprob": -0.25, "top_logprobs": []}]
    older = {"tokens": ["a", "e"], "token_logprobs": [None, -0.25],
             "top_logprobs": [None, {"t": -3, "e": -0.25}]}
    return [json.dumps({"choices": [{"logprobs": logprobs}]}).encode()
            for logprobs in ({"content": chat}, older, older | {"top_logprobs": None})]


def trace_seeds():
    """The fixtures' traces, all but the first two passes left out of the longer."""
    seeds = []
    for name in ("forward", "lookahead"):
        trace = json.loads((FIXTURES / f"trace/{name}/trace.json").read_text())
        last = trace["passes"][-1] | {"index": 1, "file": "pass-00001.safetensors"}
        for passes in (trace["passes"][:2], [trace["passes"][0], last]):
            seeds.append(json.dumps(trace | {"passes": passes}, separators=(",", ":")).encode())
    shortest = {"format": "lookahead-trace", "schema": 1,
                "passes": [{"file": "pass-00000.safetensors"}]}
    return seeds + [json.dumps(shortest).encode()]


def engine_text_seeds():
    entry = {"id": 5, "token": "a", "logprob": -0.5, "top_logprobs": [{"id": 6, "logprob": -1}]}
    return [b"[5, 6, 7]", b"[[5, 6, 7]]", b"5\n6,7 8\n"] + [
        json.dumps(answer).encode() for answer in [
            {"tokens": [5, 6]}, {"outputs": [{"token_ids": [5, 6]}]},
            {"completion_probabilities": [entry, entry]},
            {"choices": [{"token_ids": [5], "logprobs": {"content": [entry]}}]},
            {"choices": [{"logprobs": {
                "tokens": ["token_id:5"], "token_logprobs": [-1], "top_logprobs": [{"token_id:6": -2}]}}]},
        ]]


def engine_steps_seeds():
    return [json.dumps(step).encode() + b"\n" for step in [
        {"drafted": [5, 6, 7], "accepted": [5, 6], "next": 9},
        {"drafted": [[5, 6], [7]], "accepted": [7], "next": 8},
        {"draft_token_ids": [5], "num_accepted": 1, "bonus_token_id": 9},
        {"proposed": [], "output_token_ids": [5]}]]


def mask_seeds():
    tree = [[1, 0, 0], [1, 1, 0], [1, 0, 1]]
    wide = [[True, False] + row for row in tree]
    added = [0.0 if cell else -3e38 for row in tree for cell in row]
    return [json.dumps(cells).encode() for cells in (tree, wide, [[0.5], ["x"], [None]])] + [
        safetensors([("mask", "F32", [1, 1, 3, 3], floats("f", *added))]),
        safetensors([("mask", "BOOL", [3, 5], bytes([1] * 15))]),
        safetensors([("mask", "F16", [3, 3], floats("e", *[0.0] * 9))])]


# --- The command line's own files

def prompt_file_seeds():
    lines = [{"id": "a", "set": "s", "kind": "code", "chat": True, "prompt": "Tell \u00e9 \U0001f98a."},
             {"id": "b", "chat": False, "prompt": "Once", "note": [1, None]}]
    return ["\n".join(map(json.dumps, lines)).encode(), json.dumps(lines[0]).encode() + b"\r\n\r\n",
            b"{}", json.dumps(lines[1] | {"chat": 1}).encode()]


def step_cost_seeds():
    """About what the target's subject is about."""
    subject = {"model": {"path": "model", "bytes": 1, "changed": 2}, "cpu": "cpu",
               "instructionSet": "portable", "threads": 1, "matmul": "exact",
               "kvCache": "float32", "weightBytes": 3}
    points = [{"rows": 2, "ratio": 1.1, "weight": 3}, {"rows": 8, "ratio": 1.05, "weight": 20},
              {"rows": 64, "ratio": 9.5, "weight": 0.5}]
    content = {"version": 1, "subject": subject, "level": 2.5, "points": points}
    return [json.dumps(one).encode()
            for one in (content, content | {"points": []}, content | {"version": 2})]


SEEDS = {
    "gguf": gguf_seeds, "gguf-tokenizer": gguf_tokenizer_seeds, "safetensors": safetensors_seeds,
    "safetensors-index": index_seeds, "config": config_seeds, "tokenizer-json": tokenizer_seeds,
    "chat-template": template_seeds, "pool-cache": pool_cache_seeds,
    "draft-memory": draft_memory_seeds, "encoding": encoding_seeds,
    "streaming": streaming_seeds, "json": json_seeds, "trace": trace_seeds,
    "recorded-trace": trace_seeds, "recorded-safetensors": recorded_safetensors_seeds,
    "numpy": numpy_seeds, "llama-cpp-logits": llama_cpp_seeds, "completion": completion_seeds,
    "engine-text": engine_text_seeds, "engine-steps": engine_steps_seeds, "mask": mask_seeds, "prompt-file": prompt_file_seeds, "step-cost": step_cost_seeds,
}


def mutated(data, generator):
    """`data` with one to four bytes changed, and now and then cut short."""
    changed = bytearray(data)
    for _ in range(generator.randint(1, 4)):
        if changed:
            changed[generator.randrange(len(changed))] = generator.randrange(256)
    return bytes(changed[:generator.randrange(len(changed) + 1)] if generator.random() < 0.2 else changed)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for reader, make in SEEDS.items():
        folder = pathlib.Path(sys.argv[1]) / reader
        folder.mkdir(parents=True, exist_ok=True)
        generator = random.Random(f"{SEED} {reader}")
        whole = make()
        inputs = whole + [mutated(data, generator) for data in whole for _ in range(MUTATIONS)]
        for number, data in enumerate(inputs):
            (folder / str(number)).write_bytes(data)


if __name__ == "__main__":
    main()
