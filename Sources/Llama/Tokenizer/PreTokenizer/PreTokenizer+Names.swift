extension PreTokenizer {
  /// The pre-tokenizers that GGUF files name, as llama.cpp knows them; nil for any other.
  init?(ggufName name: String) {
    guard let texts = Self.byName[name] else { return nil }
    let patterns = texts.compactMap(Self.pattern(ofExpression:))
    guard patterns.count == texts.count else { return nil }
    self.init(steps: patterns.map { .split($0) })
  }

  /// Those whose tokenizer takes a piece that is a token as that token, unmerged.
  static let namesThatIgnoreMerges: Set<String> = [
    "llama3", "llama-v3", "llama-bpe", "falcon3", "tekken",
  ]

  /// Those whose texts begin with a token unless the file says otherwise.
  static let namesWithBos: Set<String> = [
    "llama3", "llama-v3", "llama-bpe", "falcon3", "tekken",
  ]

  /// Those whose tokenizer.json composes text first (NFC), for which GGUF files have no key; llama.cpp
  /// does not (docs/divergences.md).
  static let namesThatCompose: Set<String> = ["qwen2", "command-r"]

  /// The names for messages.
  static var ggufNames: String { byName.keys.sorted().joined(separator: ", ") }

  private static let byName: [String: [String]] = {
    var names: [String: [String]] = [
      "default": [Expression.punctuation, Expression.gpt2, #"\p{N}+"#, Expression.triples],
      "falcon": [Expression.falconPunctuation, Expression.gpt2, Expression.triples],
      "deepseek-llm": Expression.deepSeekLLM, "deepseek-coder": Expression.deepSeekCoder,
      "deepseek-v3": Expression.deepSeek3, "tekken": [Expression.tekken],
    ]
    for name in ["gpt-2", "mpt", "olmo", "phi-2"] { names[name] = [Expression.gpt2] }
    for name in ["llama3", "llama-v3", "llama-bpe", "falcon3", "dbrx", "smaug-bpe"] {
      names[name] = [Expression.llama3]
    }
    for name in ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone"] {
      names[name] = [#"\p{N}"#, Expression.gpt2]
    }
    for name in ["qwen2", "deepseek-r1-qwen"] { names[name] = [Expression.qwen2] }
    for name in ["gpt-4o", "llama4"] { names[name] = [Expression.gpt4o] }
    return names
  }()

  /// The pattern of a regular expression, if it is one of those that tokenizers of the supported
  /// families have. Others are refused: how long an unknown one takes is not known either.
  static func pattern(ofExpression expression: String) -> WordPattern? {
    switch expression {
    case Expression.gpt2: .gpt2
    case Expression.llama3: .llama3
    case #"\p{N}"#: .eachNumber
    case #"\p{N}+"#: .numberRuns
    case Expression.triples: .digitTriples
    case Expression.punctuation: .punctuationRuns
    default: others[expression].map { .expression($0) }
    }
  }

  private static let others: [String: SplitExpression] = {
    let texts =
      [
        Expression.qwen2, Expression.gpt4o, Expression.tekken, Expression.falconPunctuation,
        #"\p{N}{1,3}"#,
      ] + Expression.deepSeekLLM + Expression.deepSeekCoder + Expression.deepSeek3
    return texts.reduce(into: [:]) { $0[$1] = SplitExpressionParser.parse($1) }
  }()
}

/// The regular expressions, as tokenizer.json files and llama.cpp (llama-vocab.cpp) have them.
private enum Expression {
  private static let contractions = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)"#
  private static let ending = #"\s*[\r\n]+|\s+(?!\S)|\s+"#

  static let gpt2 =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  static let llama3 =
    contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + ending
  static let qwen2 =
    contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + ending

  private static let capitals = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
  private static let small = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
  private static func words(_ suffix: String) -> String {
    #"[^\r\n\p{L}\p{N}]?"# + capitals + "*" + small + "+" + suffix
      + #"|[^\r\n\p{L}\p{N}]?"# + capitals + "+" + small + "*" + suffix
  }
  static let gpt4o =
    words(contractions + "?") + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + ending
  static let tekken = words("") + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + ending

  static let triples = "[0-9][0-9][0-9]"
  static let punctuation = #"[\p{P}\$\+<=>\^~\|]+"#
  static let falconPunctuation = #"[\p{P}\$\+<=>\^~\|`]+"#

  private static let ideographs = "[一-龥ࠀ-一가-퟿]+"
  /// The letters of the scripts that have two cases.
  private static let cased =
    "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u{1F7D}"
    + "ᾀ-ᾴᾶ-ᾼ\u{1FBE}ῂ-ῄῆ-ῌῐ-\u{1FD3}ῖ-\u{1FDB}ῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u{2126}ℨ\u{212A}-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ"
    + "𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"
  static let deepSeekLLM = [
    "[\r\n]", #"\s?["# + cased + "]+", #"\s?[!-/:-~！-／：-～‘-‟　-。]+"#, #"\s+$"#, ideographs,
    #"\p{N}+"#,
  ]
  static let deepSeekCoder = ["[\r\n]", #"\s?\p{L}+"#, #"\s?\p{P}+"#, ideographs, #"\p{N}"#]
  static let deepSeek3 = [
    #"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+",
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
      + #"| ?[\p{P}\p{S}]+[\r\n]*|"# + ending,
  ]
}
