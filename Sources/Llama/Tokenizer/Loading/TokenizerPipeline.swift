/// The parts of a tokenizer that stand around its model: how text is prepared before merging, and
/// how tokens become text again.
struct TokenizerPipeline: Equatable, Sendable {
  /// What the smallest symbol is.
  var unit: BytePairModel.Unit
  /// How spaces are written as `▁`, if they are.
  var marking: SpaceMarking?
  /// How text is cut into pieces.
  var preTokenizer: PreTokenizer
  /// How tokens become text.
  var spelling: TokenSpelling
}

// Reads the sections "normalizer", "pre_tokenizer" and "decoder" of a tokenizer.json. Whatever
// is not known exactly is an error: a step left out would change ids without a word.
extension TokenizerPipeline {
  /// The pipeline of a tokenizer.json.
  init(tokenizerJSON root: JSONNode) throws(TokenizerError) {
    let normalizer = try Self.normalizer(root)
    let steps = try Self.sequence(root.optional("pre_tokenizer"), of: "pretokenizers")
    if steps.count == 1, try steps[0].type() == "Metaspace" {
      guard normalizer == nil else {
        throw steps[0].unsupported("pre-tokenizer", "Metaspace after a normalizer")
      }
      self.init(
        unit: .scalar, marking: try Self.metaspace(steps[0]), preTokenizer: PreTokenizer(steps: []),
        spelling: try Self.spelling(root, unit: .scalar))
    } else if steps.isEmpty {
      self.init(
        unit: .scalar, marking: normalizer, preTokenizer: PreTokenizer(steps: []),
        spelling: try Self.spelling(root, unit: .scalar))
    } else {
      guard normalizer == nil else {
        throw root.unsupported("normalizer", "Replace before a byte-level pre-tokenizer")
      }
      self.init(
        unit: .byte, marking: nil, preTokenizer: try Self.byteLevel(steps),
        spelling: try Self.spelling(root, unit: .byte))
    }
  }

  /// The parts of a section: those of a `Sequence`, or the section itself.
  static func sequence(_ node: JSONNode?, of key: String) throws(TokenizerError) -> [JSONNode] {
    guard let node else { return [] }
    guard try node.type() == "Sequence" else { return [node] }
    return try node.required(key).parts()
  }

  /// Llama 2's: `Prepend` of a `▁`, then `Replace` of spaces by `▁`.
  private static func normalizer(_ root: JSONNode) throws(TokenizerError) -> SpaceMarking? {
    var parts = try sequence(root.optional("normalizer"), of: "normalizers")[...]
    guard !parts.isEmpty else { return nil }
    var marking = SpaceMarking(prefix: .never, startsPieces: false, isNormalizer: true)
    if let first = parts.first, try first.type() == "Prepend" {
      guard try first.required("prepend").bytes() == SpaceMarking.mark else {
        throw first.unsupported("normalizer", "Prepend of another text than ▁")
      }
      marking.prefix = .always
      parts = parts.dropFirst()
    }
    guard let replace = parts.popFirst() else { throw root.unsupported("normalizer", "Prepend") }
    guard try replace.type() == "Replace" else {
      throw replace.unsupported("normalizer", try replace.type())
    }
    guard try replacement(replace, from: " ") == SpaceMarking.mark else {
      throw replace.unsupported("normalizer", "Replace of spaces by another text than ▁")
    }
    if let further = parts.first { throw further.unsupported("normalizer", try further.type()) }
    return marking
  }

  /// What a `Replace` puts in the place of `pattern`, or nothing if it replaces something else.
  private static func replacement(_ node: JSONNode, from pattern: String) throws(TokenizerError)
    -> [UInt8]?
  {
    guard let replaced = try node.required("pattern").optional("String"),
      try replaced.bytes() == Array(pattern.utf8)
    else { return nil }
    return try node.required("content").bytes()
  }

  private static func metaspace(_ node: JSONNode) throws(TokenizerError) -> SpaceMarking {
    guard try node.required("replacement").bytes() == SpaceMarking.mark else {
      throw node.unsupported("pre-tokenizer", "Metaspace with another mark than ▁")
    }
    let startsPieces = try node.bool("split", default: true)
    return SpaceMarking(
      prefix: try prefix(node), startsPieces: startsPieces, isNormalizer: false)
  }

  /// Newer files have `prepend_scheme`, older ones `add_prefix_space`.
  private static func prefix(_ node: JSONNode) throws(TokenizerError) -> SpaceMarking.Prefix {
    guard let scheme = try node.optional("prepend_scheme")?.string() else {
      return try node.bool("add_prefix_space", default: true) ? .unlessPresent : .never
    }
    switch scheme {
    case "always": return .unlessPresent
    case "first": return .firstUnlessPresent
    case "never": return .never
    default: throw node.unsupported("prepend_scheme", scheme)
    }
  }

  private static func byteLevel(_ nodes: [JSONNode]) throws(TokenizerError) -> PreTokenizer {
    guard nodes.count <= PreTokenizer.stepLimit else {
      throw nodes[0].unsupported("pre-tokenizer", "Sequence of \(nodes.count) steps")
    }
    var preTokenizer = PreTokenizer(steps: [])
    for (index, node) in nodes.enumerated() {
      let type = try node.type()
      switch type {
      case "ByteLevel" where index == nodes.count - 1:
        if try node.bool("add_prefix_space", default: true) {
          preTokenizer.steps.append(.prefixSpace)
        }
        if try node.bool("use_regex", default: true) { preTokenizer.steps.append(.split(.gpt2)) }
        return preTokenizer
      case "Digits":
        let isIndividual = try node.bool("individual_digits", default: false)
        preTokenizer.steps.append(.split(isIndividual ? .eachNumber : .numberRuns))
      case "Split":
        preTokenizer.steps.append(.split(try pattern(node)))
      default:
        throw node.unsupported("pre-tokenizer", type)
      }
    }
    throw nodes[nodes.count - 1].unsupported(
      "pre-tokenizer", "\(try nodes[nodes.count - 1].type()) without ByteLevel after it")
  }

  private static func pattern(_ node: JSONNode) throws(TokenizerError) -> WordPattern {
    guard let expression = try node.required("pattern").optional("Regex")?.string() else {
      throw node.unsupported("pre-tokenizer", "Split at a fixed text")
    }
    guard let pattern = PreTokenizer.pattern(ofExpression: expression) else {
      throw node.unsupported("pre-tokenizer's regular expression", expression)
    }
    let behavior = try node.required("behavior").string()
    guard behavior == "Isolated", try !node.bool("invert", default: false) else {
      throw node.unsupported("pre-tokenizer", "Split with the behavior \(behavior), or inverted")
    }
    return pattern
  }

  private static func spelling(_ root: JSONNode, unit: BytePairModel.Unit) throws(TokenizerError)
    -> TokenSpelling
  {
    let node = try root.required("decoder")
    let parts = try sequence(node, of: "decoders")
    let types = try parts.map { part throws(TokenizerError) in try part.type() }
    let name = types.joined(separator: ", ")
    switch (unit, types) {
    case (.byte, ["ByteLevel"]):
      return .byteLevel
    case (.scalar, ["Metaspace"]):
      _ = try metaspace(parts[0])
      return .marked(dropsFirstMarks: try prefix(parts[0]) != .never)
    case (.scalar, ["Replace", "ByteFallback", "Fuse"]),
      (.scalar, ["Replace", "ByteFallback", "Fuse", "Strip"]):
      guard try replacement(parts[0], from: "▁") == [UInt8(ascii: " ")] else {
        throw node.unsupported("decoder", "Replace of another text than ▁ by a space")
      }
      if let strip = parts.dropFirst(3).first {
        guard try strip.required("content").string() == " ",
          try strip.required("start").integer() == 1, try strip.required("stop").integer() == 0
        else { throw node.unsupported("decoder", "Strip of anything but one space at the start") }
      }
      return .byteFallback(dropsFirstSpace: parts.count == 4)
    default:
      throw node.unsupported("decoder", name)
    }
  }
}
