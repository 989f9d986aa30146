import Files

/// The tokens that a tokenizer puts around every text.
struct TextFrame: Equatable, Sendable {
  var prefix: [TokenID] = []
  var suffix: [TokenID] = []
}

extension TextFrame {
  init(prefix: TokenID?, suffix: TokenID?) {
    self.init(prefix: prefix.map { [$0] } ?? [], suffix: suffix.map { [$0] } ?? [])
  }

  /// The frame that the "post_processor" of a tokenizer.json makes around a single text.
  init(postProcessorOf root: JSONNode, vocabulary: Vocabulary) throws(FileError) {
    self.init()
    for node in try TokenizerPipeline.sequence(root.optional("post_processor"), of: "processors") {
      switch try node.type() {
      case "ByteLevel":
        break  // it moves offsets into the text, and no ids
      case "TemplateProcessing":
        guard self == TextFrame() else {
          throw Self.unsupported(node, "TemplateProcessing twice")
        }
        try read(template: node)
      case let type:
        throw Self.unsupported(node, type)
      }
    }
    for id in prefix + suffix where vocabulary.spelling(of: id) == nil {
      throw FileError(
        root.path, "a token id in the field post_processor",
        .invalid(expected: "the id of a token of the vocabulary", found: "\(id)"))
    }
  }

  private static func unsupported(_ node: JSONNode, _ found: String) -> FileError {
    node.unsupported(
      "post-processor", found, supported: "ByteLevel, and one TemplateProcessing of one text")
  }

  private mutating func read(template node: JSONNode) throws(FileError) {
    var texts = 0
    for piece in try node.required("single").parts() {
      if try piece.optional("Sequence") != nil {
        texts += 1
        continue
      }
      let name = try piece.required("SpecialToken").required("id")
      let ids = try node.required("special_tokens").required(try name.string()).required("ids")
        .parts().map { id throws(FileError) in try id.integer() }
      if texts == 0 { prefix += ids } else { suffix += ids }
    }
    guard texts == 1 else {
      throw Self.unsupported(node, "TemplateProcessing of \(texts) texts")
    }
  }
}
