extension Tokenizer {
  /// Makes the tokenizer of a GGUF file.
  ///
  /// - Parameters:
  ///   - metadata: what the file says about its tokenizer.
  ///   - path: the file, for error messages.
  /// - Throws: `TokenizerError`; among others for a pre-tokenizer that is not known here, and for
  ///   a byte-level one that is not named at all, since it cannot be guessed from the tokens.
  public init(gguf metadata: GGUFTokenizerMetadata, path: String) throws(TokenizerError) {
    let source = GGUFTokenizerSource(metadata: metadata, path: path)
    switch metadata.model {
    case "gpt2": self.init(try source.byteLevelParts())
    case "llama": self.init(try source.sentencePieceParts())
    case let other:
      throw TokenizerError.unsupported(path: path, component: "tokenizer model", found: other)
    }
  }
}

/// Builds the parts of a tokenizer from GGUF metadata.
private struct GGUFTokenizerSource {
  let metadata: GGUFTokenizerMetadata
  let path: String

  func byteLevelParts() throws(TokenizerError) -> Tokenizer.Parts {
    guard let name = metadata.pre else {
      throw TokenizerError.missingField(path: path, field: "tokenizer.ggml.pre")
    }
    guard let preTokenizer = PreTokenizer(ggufName: name) else {
      throw TokenizerError.unsupported(path: path, component: "pre-tokenizer", found: name)
    }
    guard let lines = metadata.merges else {
      throw TokenizerError.missingField(path: path, field: "tokenizer.ggml.merges")
    }
    let vocabulary = try vocabulary()
    var merges = RankedMerges(capacity: lines.count)
    for (index, line) in lines.enumerated() {
      try merges.append(line: Array(line.utf8), index: index, vocabulary: vocabulary, path: path)
    }
    // Files with Llama 3's pre-tokenizer do not say so, but its tokenizer.json takes whole words
    // before merging, and begins every text.
    let isLlama3 = preTokenizer == PreTokenizer(ggufName: "llama3")
    let model = BytePairModel(
      vocabulary: vocabulary, merges: .ranked(merges), unit: .byte,
      fallback: BytePairModel.Fallback(), ignoresMerges: isLlama3)
    let pipeline = TokenizerPipeline(
      unit: .byte, marking: nil, preTokenizer: preTokenizer, spelling: .byteLevel)
    return try parts(model, pipeline, addsBosByDefault: isLlama3)
  }

  func sentencePieceParts() throws(TokenizerError) -> Tokenizer.Parts {
    guard let scores = metadata.scores else {
      throw TokenizerError.missingField(path: path, field: "tokenizer.ggml.scores")
    }
    guard metadata.tokenTypes != nil else {
      throw TokenizerError.missingField(path: path, field: "tokenizer.ggml.token_type")
    }
    guard scores.count == metadata.tokens.count else {
      throw TokenizerError.countMismatch(
        path: path, field: "tokenizer.ggml.scores", expected: metadata.tokens.count,
        found: scores.count)
    }
    guard !scores.contains(where: \.isNaN) else {
      throw TokenizerError.invalidValue(path: path, field: "tokenizer.ggml.scores", found: "NaN")
    }
    let vocabulary = try vocabulary()
    guard vocabulary.longestSpelling <= ScoredMerges.spellingLimit else {
      throw TokenizerError.invalidValue(
        path: path, field: "tokenizer.ggml.tokens",
        found: "a token of \(vocabulary.longestSpelling) bytes")
    }
    let addsSpace = metadata.addSpacePrefix ?? true
    let fallback = BytePairModel.Fallback(
      byteIDs: vocabulary.byteTokenIDs,
      unknownID: try checked(metadata.unknownTokenID, "tokenizer.ggml.unknown_token_id"),
      fusesUnknown: true)
    let model = BytePairModel(
      vocabulary: vocabulary,
      merges: .scored(ScoredMerges(vocabulary: vocabulary, scores: scores)), unit: .scalar,
      fallback: fallback, ignoresMerges: false)
    let marking = SpaceMarking(
      prefix: addsSpace ? .always : .never, startsPieces: false, isNormalizer: true)
    let pipeline = TokenizerPipeline(
      unit: .scalar, marking: marking, preTokenizer: PreTokenizer(steps: []),
      spelling: .byteFallback(dropsFirstSpace: addsSpace))
    return try parts(model, pipeline, addsBosByDefault: true)
  }

  private func parts(
    _ model: BytePairModel, _ pipeline: TokenizerPipeline, addsBosByDefault: Bool
  ) throws(TokenizerError) -> Tokenizer.Parts {
    let bosTokenID = try checked(metadata.bosTokenID, "tokenizer.ggml.bos_token_id")
    let ends = [
      try checked(metadata.eosTokenID, "tokenizer.ggml.eos_token_id"),
      try checked(metadata.endOfTurnTokenID, "tokenizer.ggml.eot_token_id"),
      try checked(metadata.endOfMessageTokenID, "tokenizer.ggml.eom_token_id"),
    ]
    var eosTokenIDs: [TokenID] = []
    for case let id? in ends where !eosTokenIDs.contains(id) { eosTokenIDs.append(id) }
    let addsBos = metadata.addBos ?? addsBosByDefault
    let frame = TextFrame(
      prefix: addsBos ? [bosTokenID].compactMap(\.self) : [],
      suffix: metadata.addEos == true ? [ends[0]].compactMap(\.self) : [])
    return Tokenizer.Parts(
      model: model, pipeline: pipeline, frame: frame, bosTokenID: bosTokenID,
      eosTokenIDs: eosTokenIDs, chatTemplateSource: metadata.chatTemplate)
  }

  private func checked(_ id: Int?, _ field: String) throws(TokenizerError) -> TokenID? {
    if let id, !metadata.tokens.indices.contains(id) {
      throw TokenizerError.unknownToken(path: path, field: field, token: "\(id)")
    }
    return id
  }

  private func vocabulary() throws(TokenizerError) -> Vocabulary {
    let types = metadata.tokenTypes ?? []
    guard types.isEmpty || types.count == metadata.tokens.count else {
      throw TokenizerError.countMismatch(
        path: path, field: "tokenizer.ggml.token_type", expected: metadata.tokens.count,
        found: types.count)
    }
    var vocabulary = Vocabulary(capacity: metadata.tokens.count)
    for (id, token) in metadata.tokens.enumerated() {
      let number = types.isEmpty ? GGUFTokenType.normal.rawValue : types[id]
      guard let type = GGUFTokenType(rawValue: number) else {
        throw TokenizerError.invalidValue(
          path: path, field: "tokenizer.ggml.token_type", found: "\(number)")
      }
      let spelling = Array(token.utf8)
      // In a byte-level vocabulary a control token can also be a result of merging, and is then
      // in the model's own vocabulary too.
      let isMergeable = type == .normal || (metadata.model == "gpt2" && type != .unused)
      try vocabulary.insert(spelling, id: id, isMergeable: isMergeable, path: path)
      guard type == .control || type == .unknown || type == .userDefined else { continue }
      try vocabulary.add(
        AddedToken(content: spelling, id: id, isSpecial: type != .userDefined), path: path)
    }
    return vocabulary
  }
}
