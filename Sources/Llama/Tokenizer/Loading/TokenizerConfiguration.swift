/// A tokenizer_config.json: what transformers adds to a tokenizer.json.
struct TokenizerConfiguration {
  private let root: JSONNode

  /// - Parameters:
  ///   - contents: the file.
  ///   - path: the path of the tokenizer.json that it lies beside.
  init(contents: [UInt8], besides path: String) throws(TokenizerError) {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    root = try JSONParser.parse(
      contents, path: "\(folder)tokenizer_config.json", valueLimit: Tokenizer.jsonValueLimit)
    _ = try root.members()
  }

  /// Adds the tokens of `added_tokens_decoder` that tokenizer.json does not have.
  func addTokens(to vocabulary: inout Vocabulary) throws(TokenizerError) {
    guard let decoder = try root.optional("added_tokens_decoder") else { return }
    let known = Set(vocabulary.addedTokens.map(\.id))
    for member in try decoder.members() {
      let node = JSONNode(
        value: member.value, path: root.path,
        field: "added_tokens_decoder.\(Vocabulary.text(member.key))")
      guard let id = Int(Vocabulary.text(member.key)) else { throw node.wrongType("a token id") }
      let token = try AddedToken(node, id: id)
      guard known.contains(id) else {
        try vocabulary.add(token, path: root.path)
        continue
      }
      guard let first = vocabulary.spelling(of: id), first == token.content else {
        throw TokenizerError.duplicateID(
          path: root.path, id: id, first: Vocabulary.text(vocabulary.spelling(of: id) ?? []),
          second: Vocabulary.text(token.content))
      }
    }
  }

  /// The token that `field` names, as text or as the `content` of an added token.
  func id(ofField field: String, in vocabulary: Vocabulary) throws(TokenizerError) -> TokenID? {
    guard let node = try root.optional(field) else { return nil }
    let content: JSONNode
    if case .object = node.value { content = try node.required("content") } else { content = node }
    guard let id = vocabulary.id(of: try content.bytes()) else {
      throw TokenizerError.unknownToken(
        path: root.path, field: field, token: try content.string())
    }
    return id
  }

  /// The tokens around a text, if this file says anything about them.
  func frame(bosTokenID: TokenID?, eosTokenID: TokenID?) throws(TokenizerError) -> TextFrame? {
    let addsBos = try root.optional("add_bos_token")?.bool()
    let addsEos = try root.optional("add_eos_token")?.bool()
    guard addsBos != nil || addsEos != nil else { return nil }
    return TextFrame(
      prefix: addsBos == true ? [bosTokenID].compactMap(\.self) : [],
      suffix: addsEos == true ? [eosTokenID].compactMap(\.self) : [])
  }

  /// The chat template: the only one, or of several the one named "default".
  func chatTemplateSource() throws(TokenizerError) -> String? {
    guard let node = try root.optional("chat_template") else { return nil }
    guard case .array = node.value else { return try node.string() }
    for template in try node.parts() where try template.required("name").string() == "default" {
      return try template.required("template").string()
    }
    return nil
  }
}
