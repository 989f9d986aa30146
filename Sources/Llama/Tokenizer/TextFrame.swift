/// The tokens that a tokenizer puts around every text.
struct TextFrame: Equatable, Sendable {
  /// Before the text.
  var prefix: [TokenID] = []
  /// After the text.
  var suffix: [TokenID] = []
}

extension TextFrame {
  /// The frame that the "post_processor" of a tokenizer.json makes around a single text.
  init(postProcessorOf root: JSONNode) throws(TokenizerError) {
    self.init()
    for node in try TokenizerPipeline.sequence(root.optional("post_processor"), of: "processors") {
      switch try node.type() {
      case "ByteLevel":
        break  // it moves offsets into the text, and no ids
      case "TemplateProcessing":
        guard self == TextFrame() else {
          throw node.unsupported("post-processor", "TemplateProcessing twice")
        }
        try read(template: node)
      case let type:
        throw node.unsupported("post-processor", type)
      }
    }
  }

  private mutating func read(template node: JSONNode) throws(TokenizerError) {
    var texts = 0
    for piece in try node.required("single").parts() {
      if try piece.optional("Sequence") != nil {
        texts += 1
        continue
      }
      let name = try piece.required("SpecialToken").required("id")
      let ids = try node.required("special_tokens").required(try name.string()).required("ids")
        .parts().map { id throws(TokenizerError) in try id.integer() }
      if texts == 0 { prefix += ids } else { suffix += ids }
    }
    guard texts == 1 else {
      throw node.unsupported("post-processor", "TemplateProcessing with \(texts) texts")
    }
  }

  /// - Throws: `TokenizerError` if an id has no token in `vocabulary`.
  func check(against vocabulary: Vocabulary, path: String) throws(TokenizerError) {
    for id in prefix + suffix where vocabulary.spelling(of: id) == nil {
      throw TokenizerError.unknownToken(path: path, field: "post_processor", token: "\(id)")
    }
  }
}
