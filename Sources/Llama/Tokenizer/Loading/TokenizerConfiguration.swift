import Files

/// A tokenizer_config.json: what transformers adds to a tokenizer.json.
struct TokenizerConfiguration {
  private let root: JSONNode

  init(contents: [UInt8], path: String) throws(FileError) {
    root = try JSONParser.parse(contents, path: path, valueLimit: Tokenizer.jsonValueLimit)
    _ = try root.members()
  }

  /// Adds the tokens of `added_tokens_decoder` that tokenizer.json does not have.
  func addTokens(to vocabulary: inout Vocabulary) throws(FileError) {
    guard let decoder = try root.optional("added_tokens_decoder") else { return }
    let known = Set(vocabulary.addedTokens.map(\.id))
    for member in try decoder.members() {
      let key = Vocabulary.text(member.key)
      let node = decoder.child(key, member.value)
      guard let id = Int(key) else {
        throw decoder.error(
          .invalid(expected: "an object with token ids as keys", found: "one with \(key)"))
      }
      let token = try AddedToken(node, id: id)
      guard known.contains(id) else {
        try vocabulary.add(token, path: root.path)
        continue
      }
      let first = vocabulary.spelling(of: id) ?? []
      guard first == token.content else {
        throw node.error(
          .invalid(
            expected: "\(Vocabulary.quoted(first)), as in tokenizer.json",
            found: Vocabulary.quoted(token.content)))
      }
    }
  }

  /// The token that `field` names, as text or as the `content` of an added token.
  func id(ofField field: String, in vocabulary: Vocabulary) throws(FileError) -> TokenID? {
    guard var node = try root.optional(field) else { return nil }
    if case .object = node.value { node = try node.required("content") }
    return try node.tokenID(in: vocabulary)
  }

  /// The special tokens that have a name, such as `pad_token` and those of `extra_special_tokens`, by
  /// which templates refer to them.
  func namedTokens() throws(FileError) -> [String: String] {
    var named: [String: String] = [:]
    for name in ["bos", "eos", "unk", "sep", "pad", "cls", "mask"] {
      named["\(name)_token"] = try root.optional("\(name)_token").map(Self.text)
    }
    if let extra = try root.optional("extra_special_tokens"), case .object = extra.value {
      for member in try extra.members() {
        let name = Vocabulary.text(member.key)
        named[name] = try Self.text(of: extra.child(name, member.value))
      }
    }
    return named
  }

  private static func text(of node: JSONNode) throws(FileError) -> String {
    if case .object = node.value { return try node.required("content").string() }
    return try node.string()
  }

  /// Makes special tokens of those that are listed as such and that the vocabulary has as ordinary
  /// ones.
  /// - Throws: `FileError` for one that the vocabulary lacks: transformers would give it an id that the
  ///   model's files do not state.
  func addListedTokens(to vocabulary: inout Vocabulary) throws(FileError) {
    for key in ["additional_special_tokens", "extra_special_tokens"] {
      guard let list = try root.optional(key) else { continue }
      var nodes: [JSONNode] = []
      if case .object = list.value {
        for member in try list.members() {
          nodes.append(list.child(Vocabulary.text(member.key), member.value))
        }
      } else {
        nodes = Array(try list.elements())
      }
      for node in nodes {
        let content = Array(try Self.text(of: node).utf8)
        guard let id = vocabulary.id(of: content) else {
          throw node.error(
            .invalid(
              expected: "a token of tokenizer.json", found: Vocabulary.quoted(content)))
        }
        guard !vocabulary.addedTokens.contains(where: { $0.id == id }) else { continue }
        try vocabulary.add(AddedToken(content: content, id: id, isSpecial: true), path: root.path)
      }
    }
  }

  /// The chat template: the only one, or of several the one named "default".
  func chatTemplateSource() throws(FileError) -> String? {
    guard let node = try root.optional("chat_template") else { return nil }
    guard case .array = node.value else { return try node.string() }
    for template in try node.parts() where try template.required("name").string() == "default" {
      return try template.required("template").string()
    }
    return nil
  }
}
