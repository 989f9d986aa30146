import Files

/// The parts of a tokenizer before and after its model: normalizer, pre-tokenizer and decoder.
struct TokenizerPipeline: Equatable, Sendable {
  var marking: SpaceMarking?
  /// Whether text is brought into Unicode's composed normal form (NFC) first.
  var composes = false
  var preTokenizer = PreTokenizer(steps: [])
  var spelling: TokenSpelling

  var kind: Tokenizer.Kind { spelling == .byteLevel ? .byteLevel : .sentencePiece }
}

// Reads the sections "normalizer", "pre_tokenizer" and "decoder" of a tokenizer.json. Whatever is not
// known exactly is an error: a step left out would change ids silently.
extension TokenizerPipeline {
  init(tokenizerJSON root: JSONNode) throws(FileError) {
    var normalizers = try Self.sequence(root.optional("normalizer"), of: "normalizers")[...]
    let steps = try Self.sequence(root.optional("pre_tokenizer"), of: "pretokenizers")
    var composes = false
    if let first = normalizers.first, try first.type() == "NFC" {
      composes = true
      normalizers = normalizers.dropFirst()
    }
    let marking = try Self.marking(normalizers, root)
    let splitsNothing = marking == nil ? false : try Self.splitsAtSpaces(steps)
    guard steps.isEmpty || marking == nil || splitsNothing else {
      throw Self.unsupported(normalizer: "Replace before a pre-tokenizer", root)
    }
    if steps.isEmpty || splitsNothing {
      self.init(
        marking: marking, composes: composes,
        spelling: try Self.spelling(root, kind: .sentencePiece))
    } else if steps.count == 1, try steps[0].type() == "Metaspace" {
      self.init(
        marking: try Self.metaspace(steps[0]), composes: composes,
        spelling: try Self.spelling(root, kind: .sentencePiece))
    } else {
      self.init(
        composes: composes, preTokenizer: try Self.byteLevel(steps),
        spelling: try Self.spelling(root, kind: .byteLevel))
    }
  }

  /// Whether the only step is Gemma's: a split behind spaces, of which there are none left in text
  /// whose spaces are marked.
  private static func splitsAtSpaces(_ steps: [JSONNode]) throws(FileError) -> Bool {
    guard steps.count == 1, try steps[0].type() == "Split",
      let pattern = try steps[0].required("pattern").optional("String")
    else { return false }
    return try pattern.string() == " "
  }

  /// The parts of a section: those of a `Sequence`, or the section itself.
  static func sequence(_ node: JSONNode?, of key: String) throws(FileError) -> [JSONNode] {
    guard let node else { return [] }
    guard try node.type() == "Sequence" else { return [node] }
    return try node.required(key).parts()
  }

  private static func unsupported(normalizer found: String, _ node: JSONNode) -> FileError {
    node.unsupported(
      "normalizer", found,
      supported: "NFC, if any, then Prepend of ▁, if any, and Replace of a space by ▁")
  }

  private static func unsupported(preTokenizer found: String, _ node: JSONNode) -> FileError {
    node.unsupported(
      "pre-tokenizer", found,
      supported: "Metaspace with ▁, or Split and Digits with ByteLevel at the end, at most "
        + "\(PreTokenizer.stepLimit) steps")
  }

  /// Llama 2's: `Prepend` of a `▁`, then `Replace` of spaces by `▁`.
  private static func marking(
    _ parts: ArraySlice<JSONNode>, _ root: JSONNode
  ) throws(FileError) -> SpaceMarking? {
    var parts = parts
    guard !parts.isEmpty else { return nil }
    var marking = SpaceMarking(prefix: .never, startsPieces: false, isNormalizer: true)
    if let first = parts.first, try first.type() == "Prepend" {
      guard try first.required("prepend").bytes() == SpaceMarking.mark else {
        throw unsupported(normalizer: "Prepend of another text", first)
      }
      marking.prefix = .always
      parts = parts.dropFirst()
    }
    guard let replace = parts.popFirst() else { throw unsupported(normalizer: "Prepend", root) }
    guard try replace.type() == "Replace" else {
      throw unsupported(normalizer: try replace.type(), replace)
    }
    guard try replacement(replace, from: " ") == SpaceMarking.mark else {
      throw unsupported(normalizer: "another Replace", replace)
    }
    if let further = parts.first { throw unsupported(normalizer: try further.type(), further) }
    return marking
  }

  /// What a `Replace` puts in the place of `pattern`, or nil if it replaces something else.
  private static func replacement(_ node: JSONNode, from pattern: String) throws(FileError)
    -> [UInt8]?
  {
    guard let replaced = try node.required("pattern").optional("String"),
      try replaced.bytes() == Array(pattern.utf8)
    else { return nil }
    return try node.required("content").bytes()
  }

  private static func metaspace(_ node: JSONNode) throws(FileError) -> SpaceMarking {
    guard try node.required("replacement").bytes() == SpaceMarking.mark else {
      throw unsupported(preTokenizer: "Metaspace with another mark", node)
    }
    let startsPieces = try node.bool("split", default: true)
    return SpaceMarking(
      prefix: try prefix(node), startsPieces: startsPieces, isNormalizer: false)
  }

  /// Newer files have `prepend_scheme`, older ones `add_prefix_space`.
  private static func prefix(_ node: JSONNode) throws(FileError) -> SpaceMarking.Prefix {
    guard let scheme = try node.optional("prepend_scheme")?.string() else {
      return try node.bool("add_prefix_space", default: true) ? .unlessPresent : .never
    }
    let prefixes: [String: SpaceMarking.Prefix] = [
      "always": .unlessPresent, "first": .firstUnlessPresent, "never": .never,
    ]
    if let prefix = prefixes[scheme] { return prefix }
    throw node.unsupported("prepend_scheme", scheme, supported: "always, first and never")
  }

  private static func byteLevel(_ nodes: [JSONNode]) throws(FileError) -> PreTokenizer {
    guard nodes.count <= PreTokenizer.stepLimit else {
      throw unsupported(preTokenizer: "Sequence of \(nodes.count) steps", nodes[0])
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
        throw unsupported(preTokenizer: type, node)
      }
    }
    let last = nodes[nodes.count - 1]
    throw unsupported(preTokenizer: "\(try last.type()) without ByteLevel after it", last)
  }

  private static func pattern(_ node: JSONNode) throws(FileError) -> WordPattern {
    guard let expression = try node.required("pattern").optional("Regex")?.string() else {
      throw unsupported(preTokenizer: "Split at a fixed text", node)
    }
    guard let pattern = PreTokenizer.pattern(ofExpression: expression) else {
      throw node.unsupported(
        "pre-tokenizer's regular expression", expression,
        supported: "those of GPT-2, GPT-4o, Llama 3, Qwen 2, Tekken and DeepSeek")
    }
    let behavior = try node.required("behavior").string()
    guard behavior == "Isolated", try !node.bool("invert", default: false) else {
      throw unsupported(preTokenizer: "Split with the behavior \(behavior), or inverted", node)
    }
    return pattern
  }

  private static func spelling(_ root: JSONNode, kind: Tokenizer.Kind) throws(FileError)
    -> TokenSpelling
  {
    let node = try root.required("decoder")
    let parts = try sequence(node, of: "decoders")
    let types = try parts.map { part throws(FileError) in try part.type() }
    switch (kind, types) {
    case (.byteLevel, ["ByteLevel"]):
      return .byteLevel
    case (.sentencePiece, ["Metaspace"]):
      _ = try metaspace(parts[0])
      return .marked(dropsFirstMarks: try prefix(parts[0]) != .never)
    case (.sentencePiece, ["Replace", "ByteFallback", "Fuse"]),
      (.sentencePiece, ["Replace", "ByteFallback", "Fuse", "Strip"]):
      guard try replacement(parts[0], from: "▁") == [UInt8(ascii: " ")] else { break }
      if let strip = parts.dropFirst(3).first {
        guard try strip.required("content").string() == " ",
          try strip.required("start").integer() == 1, try strip.required("stop").integer() == 0
        else { break }
      }
      return .byteFallback(dropsFirstSpace: parts.count == 4)
    default: break
    }
    throw node.unsupported(
      "decoder", types.joined(separator: ", "),
      supported: kind == .byteLevel
        ? "ByteLevel"
        : "Metaspace, or Replace of ▁ by a space, ByteFallback, Fuse and, if any, Strip of a space "
          + "at the start")
  }
}
