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

  /// The tokens around a text; nil if neither of the two fields is present.
  func frame(bosTokenID: TokenID?, eosTokenID: TokenID?) throws(FileError) -> TextFrame? {
    let addsBos = try root.optional("add_bos_token")?.bool()
    let addsEos = try root.optional("add_eos_token")?.bool()
    guard addsBos != nil || addsEos != nil else { return nil }
    return TextFrame(
      prefix: addsBos == true ? bosTokenID : nil, suffix: addsEos == true ? eosTokenID : nil)
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
