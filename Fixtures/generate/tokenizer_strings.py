"""Strings that tokenizers disagree on: written by hand, then mixed by a seeded generator."""

import random as random_module

SEED = 401
COUNT = 1300

CODE = [
  "def f(x):\n    return x ** 2 + 1\n", "for (int i = 0; i < n; ++i) {\n\ta[i] += b[i] * 2;\n}",
  "let x: [Int] = (0..<10).map { $0 * $0 }", "fn main() {\n    println!(\"{:>8.3}\", 1.5e-3);\n}",
  "SELECT id, name FROM users WHERE age >= 21 AND name LIKE 'A%';", "#include <stdio.h>\r\n",
  "const f = async (a, b) => `${a}-${b ?? 'none'}`;", "if [[ -f \"$HOME/.rc\" ]]; then echo ok; fi",
  "<div class=\"a b\">&nbsp;&lt;3</div><!-- end -->", "{\"key\": [1, 2.50, -3e+10, null, true]}",
  "x = y if not z else w  # comment\n\n\n", "\\frac{a_1}{\\sqrt{b^2}} \\leq \\infty",
  "x=>x&&y||!z??w", "a->b::c<T, U&>(d...)", "@property\n  def __init__(self, *args, **kwargs): ...",
  "/* multi\n * line\n */", "git commit -m 'x' && make -j8 2>&1 | tee out.log",
  "0xDEADBEEF 0b1010 0o17", "import Foundation\n\nstruct A: B { var c: D? { nil } }",
  "\t\tif x:\n\t\t\ty()\n\t\telse:\n\t\t\tz()\n",
]
ENGLISH = [
  "Once upon a time there was a fox.", "The quick brown fox jumps over the lazy dog.",
  "I'm sure it's John's; we've said they'd go, you'll see, I'd say he's right, don't you?",
  "I'M SURE IT'S JOHN'S; WE'VE SAID THEY'D GO, YOU'LL SEE",
  "'tis the season 's 't 're 've 'm 'll 'd",
  "can’t won’t it’s “quoted” ‘single’ — dash – en-dash … ellipsis", "e.g. i.e. etc. U.S.A. Ph.D.",
  "state-of-the-art, well-known; semi-colon: colon (parenthesis) [bracket] {brace}",
  "Hello, world! How are you today?", "What?! No... Yes!!! Hmm???", "hello", " hello", "  hello",
  "hello ", "hello  ", "HELLO Hello hELLO", "CamelCaseWord snake_case_word kebab-case-word",
  "don't", "Don'T", "'s", "x's", " 's", "''s", "'S", "'LL be", "you'LL", "naïve café résumé",
]
SCRIPTS = [
  "Привет, мир! Как дела?", "你好，世界！今天天气很好。", "こんにちは世界。カタカナとひらがな", "안녕하세요 세계", "مرحبا بالعالم",
  "שלום עולם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "Γειά σου Κόσμε", "Xin chào thế giới",
  "Բարեւ աշխարհ", "გამარჯობა მსოფლიო", "ᐊᐃᓐᖓᐃ", "አሰላም", "வணக்கம் உலகம்", "ជំរាបសួរ", "မင်္ဂလာပါ",
  "Straße Größe Übermut", "İstanbul ıI iİ", "ﬁ ﬂ ﬀ ligatures", "Ǆ ǅ ǆ", "ꙮ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟙𝟚𝟛", "𐍈𐌰𐌽",
  "ⅣⅫ ½ ² ³ ①", "٠١٢٣٤٥٦٧٨٩", "०१२३", "一二三四五六七", "ＦＵＬＬ　ｗｉｄｔｈ", "ᾳ ᾼ ΐ", "ɐɔıʇɐɯəɥʇ", "Ж́ ӭ",
]
EMOJI = [
  "🙂", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪🇫🇷", "❤️", "☃", "☃️", "1️⃣ 2️⃣", "👩🏿‍🚀", "🫠🫡", "🐻‍❄️ 🦊", "©️®™",
  "✅ done", "a🙂b", "🙂🙂🙂", " 🙂 ", "⌚︎⌚️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "💁‍♀️💁‍♂️",
]
WHITESPACE = [
  "", " ", "  ", "   ", "    ", "        ", "                 ", "\n", "\n\n", "\n\n\n",
  "\n\n\n\n\n", "\t", "\t\t\t", "\r\n", "\r\n\r\n", "\r", " \n", "\n ", " \n ", "  \n\n  ", "\n\t",
  "\t\n", " \t ", "a\nb", "a\n\nb", "a \n b", "a\r\nb", "a\rb", "a\tb", "a  b", "a   b", "a    b",
  "a     b", " a", "  a", "   a", "a ", "a  ", "a   ", "a\n", "a\n\n", "\na", "\n\na", "\n a",
  "\n  a", "a\u00a0b", "a\u2003b", "a\u3000b", "a\u200bb", "a\u2028b", "a\u0085b", "\u00a0",
  "\u2003\u2003", "\v\f", "a\vb\fc", "x\n\n    y\n\n        z\n", "  leading\n  and trailing  \n",
  "\u1680\u180e",
]
ODD = [
  "\ufffd", "\ufffd\ufffd", "\u0000", "a\u0000b", "\u0001\u0002\u001f", "\u007f", "\u0080\u009f",
  "\ufeffBOM", "\u200d", "\u200e\u200f", "\ue000\uf8ff", "\uffff", "\U0010ffff", "\u0301",
  "\u0301\u0302\u0303", "a\u0301", "e\u0301\u0327", "\u1100\u1161\u11a8", "q\u0323\u0307",
  "Z͑ͫ̓ͪ̂ͫ̽͏", "<0x41>", "<0x0A>", "<0xZZ>", "▁", "▁▁the", "a▁b", "Ġ", "Ġthe", "Ċ", "ĉĊč", "Ã©",
  "â€™", "\\u0041\\n\\x00", "%20%0A", "&amp;&#65;", "<unk>", "<pad>", "</w>", "@@", "##ing",
  "\u00ad", "so\u00adft", "ſ", "K", "Å", "ﷺ", "꧅", "𒐫", "‼⁉", "…", "——", "～", "・", "′″", "‰", "№",
]
DIGITS = [
  "0", "1", "12", "123", "1234", "12345", "1234567890", "3.14159", "-1.5e-10", "1,000,000",
  "2024-05-17", "12:34:56", "v1.2.3-rc4", "192.168.0.1", "+49 (0)30 123456", "$1,234.56", "€5",
  "50%", "1st 2nd 3rd", "a1b2c3", "1a 2b", "x1 = 10", " 1", " 12", " 123", "  1234", "1 2 3", "½1",
  "1½", "٣1", "²3", "0001", "1_000", "1e1000",
]
SPECIAL = [
  "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "<|begin_of_text|>", "<|eot_id|>",
  "<note>", "<|start_header_id|>", "<|end_header_id|>", "<|end_of_text|>", "<repo_name>",
  "<file_sep>", "<jupyter_code>",
]
SPECIAL_IN_TEXT = [
  "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n", "a<|endoftext|>b", "a <|im_end|> b",
  "<|im_end|><|im_end|>", "<|im_start|", "|im_end|>", "<|im_start |>", "<|IM_START|>",
  "<<|im_start|>>", "<s>[INST] Hi [/INST]", "</s></s>", "< s>", "<s> a", "a<s>b", "  <s>  ",
  "<s>\n", "x</s>y", "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>",
  " <note> ", "a<note>b<note>", "<no<note>te>", "<|endoftext|>\n\n<|endoftext|>", "1<|im_end|>2",
  "'s<|im_end|>'s",
]
LONG = [
  "a" * 200, "ab" * 90,
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
  "pneumonoultramicroscopicsilicovolcanoconiosis", "-" * 80, "=" * 33, "." * 17, "!?" * 20,
  " " * 70, "\n" * 20, "😀" * 12,
  "https://example.org/a/very/long/path?with=query&and=more#fragment-42",
  "user.name+tag@mail.example.com", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "漢字" * 15, "1" * 60,
  "thethethethethethe", "_" * 25, "foxfoxfox" * 6,
]
GROUPS = [
  CODE, ENGLISH, SCRIPTS, EMOJI, WHITESPACE, ODD, DIGITS, SPECIAL, SPECIAL_IN_TEXT, LONG,
]

# Blocks from which single random characters are drawn.
RANGES = [
  (0x20, 0x7E), (0x20, 0x7E), (0x20, 0x7E), (0x00, 0xFF), (0x100, 0x24F), (0x300, 0x36F),
  (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F),
  (0x2000, 0x206F), (0x2150, 0x218F), (0x2190, 0x22FF), (0x2600, 0x27BF), (0x3040, 0x30FF),
  (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFE00, 0xFE0F), (0xFF00, 0xFFEF), (0x10000, 0x100FF),
  (0x1D400, 0x1D7FF), (0x1F300, 0x1FAFF), (0x20000, 0x20FFF),
]
JOINTS = [
  "", "", " ", " ", "  ", "\n", "\n\n", "\t", "\r\n", ", ", "'", "-", "1",
]


def _mixed(random) -> str:
  """Two or three pieces of different groups, cut to a bearable length."""
  text = ""
  for _ in range(random.choice([2, 2, 3])):
    text += random.choice(random.choice(GROUPS))[: random.choice([3, 8, 15, 30])]
    text += random.choice(JOINTS)
  return text


def _scattered(random) -> str:
  """Random characters, of one block or of all."""
  chosen = random.choice(RANGES)
  mixed = random.random() < 0.4
  return "".join(
    chr(random.randint(*(random.choice(RANGES) if mixed else chosen)))
    for _ in range(random.randint(1, 14)))


def _sentence(random, words: list[str]) -> str:
  """Words of the corpus with random spacing, case and marks."""
  text = ""
  for _ in range(random.randint(1, 9)):
    word = random.choice(words)
    text += random.choice([word, word, word.capitalize(), word.upper()])
    text += random.choice([" ", " ", " ", "  ", "\n", ", ", ". ", "", "'s ", "! ", " - "])
  return text


def strings(words: list[str]) -> list[str]:
  """`COUNT` distinct strings; `words` are those of the corpus the tokenizers were trained on."""
  random = random_module.Random(SEED)
  found = dict.fromkeys(text for group in GROUPS for text in group)
  while len(found) < COUNT:
    kind = random.random()
    found.setdefault(
      _mixed(random) if kind < 0.5 else _scattered(random) if kind < 0.8
      else _sentence(random, words))
  return list(found)
