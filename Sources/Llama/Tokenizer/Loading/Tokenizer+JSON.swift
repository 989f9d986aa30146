import Foundation

extension Tokenizer {
  /// Reads a Hugging Face tokenizer.json.
  ///
  /// Settings for training and batching (`truncation`, `padding`) do not concern single texts and
  /// are passed over. Everything else that this implementation does not know is an error.
  ///
  /// - Parameters:
  ///   - data: the contents of tokenizer.json.
  ///   - configuration: the contents of tokenizer_config.json beside it, if there is one: it
  ///     names the tokens that begin and end a text and holds the chat template. Where it says
  ///     `add_bos_token` or `add_eos_token`, it overrules tokenizer.json, as in transformers.
  ///   - path: the path of tokenizer.json, for error messages.
  /// - Throws: `TokenizerError`.
  public init(contentsOfTokenizerJSON data: Data, configuration: Data?, path: String)
    throws(TokenizerError)
  {
    let root = try JSONParser.parse(Array(data), path: path, valueLimit: Self.jsonValueLimit)
    let pipeline = try TokenizerPipeline(tokenizerJSON: root)
    let modelNode = try root.required("model")
    try Self.checkModel(modelNode)

    var vocabulary = try Self.vocabulary(modelNode)
    let merges = try Self.merges(modelNode, vocabulary: vocabulary)
    if let added = try root.optional("added_tokens") {
      for node in try added.elements() {
        let id = try node.required("id").integer()
        try vocabulary.add(try AddedToken(node, id: id), path: path)
      }
    }
    let configuration = try configuration.map { data throws(TokenizerError) in
      try TokenizerConfiguration(contents: Array(data), besides: path)
    }
    try configuration?.addTokens(to: &vocabulary)

    let model = BytePairModel(
      vocabulary: vocabulary, merges: .ranked(merges), unit: pipeline.unit,
      fallback: try Self.fallback(modelNode, vocabulary: vocabulary, unit: pipeline.unit),
      ignoresMerges: try modelNode.bool("ignore_merges", default: false))
    let ownFrame = try TextFrame(postProcessorOf: root)
    try ownFrame.check(against: vocabulary, path: path)
    let bosTokenID = try configuration?.id(ofField: "bos_token", in: vocabulary)
    let eosTokenID = try configuration?.id(ofField: "eos_token", in: vocabulary)
    self.init(
      Parts(
        model: model, pipeline: pipeline,
        frame: try configuration?.frame(bosTokenID: bosTokenID, eosTokenID: eosTokenID) ?? ownFrame,
        bosTokenID: bosTokenID ?? ownFrame.prefix.first,
        eosTokenIDs: eosTokenID.map { [$0] } ?? [],
        chatTemplateSource: try configuration?.chatTemplateSource()))
  }

  /// The most values in a tokenizer's JSON: the largest vocabularies have two million.
  static let jsonValueLimit = 1 << 22

  private static func checkModel(_ node: JSONNode) throws(TokenizerError) {
    // Files older than the field hold BPE if they hold merges.
    let type = try node.optional("type")?.string() ?? "BPE"
    guard type == "BPE" else { throw node.unsupported("tokenizer model", type) }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = try node.optional(key)?.string(), !affix.isEmpty {
        throw node.unsupported(key, affix)
      }
    }
    switch try node.optional("dropout")?.value {
    case nil, .integer(0), .number(0): break
    default: throw node.unsupported("merging", "dropout")
    }
  }

  private static func vocabulary(_ model: JSONNode) throws(TokenizerError) -> Vocabulary {
    let members = try model.required("vocab").members()
    var vocabulary = Vocabulary(capacity: members.count)
    for member in members {
      guard case .integer(let id) = member.value else {
        throw TokenizerError.wrongType(
          path: model.path, field: "model.vocab.\(Vocabulary.text(member.key))",
          expected: "a whole number")
      }
      try vocabulary.insert(member.key, id: id, isMergeable: true, path: model.path)
    }
    return vocabulary
  }

  private static func merges(_ model: JSONNode, vocabulary: Vocabulary) throws(TokenizerError)
    -> RankedMerges
  {
    guard case .array(let values) = try model.required("merges").value else {
      throw TokenizerError.wrongType(
        path: model.path, field: "model.merges", expected: "an array")
    }
    var merges = RankedMerges(capacity: values.count)
    for (index, value) in values.enumerated() {
      switch value {
      case .string(let line) where line.starts(with: "#version".utf8):
        continue  // the first line of the merges.txt that some files were made from
      case .string(let line):
        try merges.append(line: line, index: index, vocabulary: vocabulary, path: model.path)
      case .array(let pair):
        guard pair.count == 2, case .string(let left) = pair[0], case .string(let right) = pair[1]
        else { fallthrough }
        try merges.append(
          left: left[...], right: right[...], index: index, vocabulary: vocabulary,
          path: model.path)
      default:
        throw TokenizerError.wrongType(
          path: model.path, field: "model.merges[\(index)]", expected: "a pair of tokens")
      }
    }
    return merges
  }

  private static func fallback(
    _ model: JSONNode, vocabulary: Vocabulary, unit: BytePairModel.Unit
  ) throws(TokenizerError) -> BytePairModel.Fallback {
    var fallback = BytePairModel.Fallback()
    fallback.fusesUnknown = try model.bool("fuse_unk", default: false)
    if let unknown = try model.optional("unk_token") {
      fallback.unknownID = vocabulary.id(of: try unknown.bytes())
      guard fallback.unknownID != nil else {
        throw TokenizerError.unknownToken(
          path: model.path, field: unknown.field, token: try unknown.string())
      }
    }
    if try model.bool("byte_fallback", default: false) {
      guard unit == .scalar else { throw model.unsupported("byte_fallback", "with ByteLevel") }
      fallback.byteIDs = vocabulary.byteTokenIDs
    }
    return fallback
  }
}

extension AddedToken {
  /// An entry of `added_tokens`, or of `added_tokens_decoder` in tokenizer_config.json.
  init(_ node: JSONNode, id: Int) throws(TokenizerError) {
    let isSpecial = try node.bool("special", default: false)
    self.init(
      content: try node.required("content").bytes(), id: id, isSpecial: isSpecial,
      takesSpaceBefore: try node.bool("lstrip", default: false),
      takesSpaceAfter: try node.bool("rstrip", default: false),
      isSingleWord: try node.bool("single_word", default: false),
      isNormalized: try node.bool("normalized", default: !isSpecial))
  }
}
