import Files

extension Tokenizer {
  /// Makes the tokenizer of a GGUF file.
  ///
  /// - Throws: `FileError`; among others for a pre-tokenizer that is not known here.
  public init(gguf metadata: GGUFTokenizerMetadata) throws(FileError) {
    try metadata.checkCounts()
    switch metadata.model {
    case "gpt2": self = try metadata.byteLevel()
    case "llama": self = try metadata.sentencePiece()
    default:
      throw metadata.error(
        "model", .unsupported(found: OneLine.quoted(metadata.model), supported: "gpt2 and llama"))
    }
  }
}

extension GGUFTokenizerMetadata {
  /// An error about the key `tokenizer.ggml.` + `key`.
  fileprivate func error(_ key: String, _ problem: FileError.Problem) -> FileError {
    FileError(path, "the key tokenizer.ggml.\(key)", problem)
  }

  fileprivate func byteLevel() throws(FileError) -> Tokenizer {
    // Files older than the key have none; llama.cpp takes its default for them too.
    let name = pre ?? "default"
    guard let preTokenizer = PreTokenizer(ggufName: name) else {
      throw error(
        "pre",
        .unsupported(found: OneLine.quoted(name), supported: PreTokenizer.ggufNames))
    }
    guard let lines = merges else { throw error("merges", .missing) }
    let vocabulary = try vocabulary()
    var merges = RankedMerges(capacity: lines.count)
    for (index, line) in lines.enumerated() {
      try merges.append(line: Array(line.utf8), index: index, vocabulary: vocabulary, path: path)
    }
    // Some tokenizer.json files have `ignore_merges` and a token that begins every text; GGUF files
    // have no keys for them.
    let model = BytePairModel(
      vocabulary: vocabulary, merges: .ranked(merges), kind: .byteLevel,
      fallback: BytePairModel.Fallback(),
      ignoresMerges: PreTokenizer.namesThatIgnoreMerges.contains(name))
    let pipeline = TokenizerPipeline(
      composes: PreTokenizer.namesThatCompose.contains(name), preTokenizer: preTokenizer,
      spelling: .byteLevel)
    return try tokenizer(
      model, pipeline, addsBosByDefault: PreTokenizer.namesWithBos.contains(name))
  }

  fileprivate func sentencePiece() throws(FileError) -> Tokenizer {
    guard let scores else { throw error("scores", .missing) }
    guard tokenTypes != nil else { throw error("token_type", .missing) }
    guard !scores.contains(where: \.isNaN) else {
      throw error("scores", .invalid(expected: "numbers", found: "NaN for a token"))
    }
    let vocabulary = try vocabulary()
    guard vocabulary.longestSpelling <= ScoredMerges.spellingLimit else {
      throw FileError(
        path, "the longest token in tokenizer.ggml.tokens",
        .invalid(
          expected: "at most \(ScoredMerges.spellingLimit) bytes",
          found: "\(vocabulary.longestSpelling) bytes"))
    }
    let addsSpace = addSpacePrefix ?? true
    let fallback = BytePairModel.Fallback(
      byteIDs: vocabulary.byteTokenIDs,
      unknownID: try checked(unknownTokenID, "unknown_token_id"), fusesUnknown: true)
    let model = BytePairModel(
      vocabulary: vocabulary,
      merges: .scored(ScoredMerges(vocabulary: vocabulary, scores: scores)), kind: .sentencePiece,
      fallback: fallback, ignoresMerges: false)
    let marking = SpaceMarking(
      prefix: addsSpace ? .always : .never, startsPieces: false, isNormalizer: true)
    let pipeline = TokenizerPipeline(
      marking: marking, spelling: .byteFallback(dropsFirstSpace: addsSpace))
    return try tokenizer(model, pipeline, addsBosByDefault: true)
  }

  private func tokenizer(
    _ model: BytePairModel, _ pipeline: TokenizerPipeline, addsBosByDefault: Bool
  ) throws(FileError) -> Tokenizer {
    let bosTokenID = try checked(bosTokenID, "bos_token_id")
    let ends = [
      try checked(eosTokenID, "eos_token_id"),
      try checked(endOfTurnTokenID, "eot_token_id"),
      try checked(endOfMessageTokenID, "eom_token_id"),
    ]
    var eosTokenIDs: [TokenID] = []
    for case let id? in ends where !eosTokenIDs.contains(id) { eosTokenIDs.append(id) }
    let frame = TextFrame(
      prefix: addBos ?? addsBosByDefault ? bosTokenID : nil,
      suffix: addEos == true ? ends[0] : nil)
    var named: [String: String] = [:]
    for (name, id, key) in [
      ("unk_token", unknownTokenID, "unknown_token_id"),
      ("pad_token", paddingTokenID, "padding_token_id"),
    ] {
      named[name] = try checked(id, key).map { tokens[$0] }
    }
    return Tokenizer(
      model: model, pipeline: pipeline, frame: frame, bosTokenID: bosTokenID,
      eosTokenIDs: eosTokenIDs, namedTokens: named)
  }

  private func checked(_ id: Int?, _ key: String) throws(FileError) -> TokenID? {
    if let id, !tokens.indices.contains(id) {
      let range = "in 0 ..< \(tokens.count)"
      throw error(key, .invalid(expected: range, found: "\(id)"))
    }
    return id
  }

  private func vocabulary() throws(FileError) -> Vocabulary {
    var vocabulary = Vocabulary(capacity: tokens.count)
    for (id, token) in tokens.enumerated() {
      let number = tokenTypes.map { $0[id] } ?? 1
      guard let type = TokenType(rawValue: number) else {
        throw error("token_type", .invalid(expected: "types in 1 ... 6", found: "\(number)"))
      }
      let spelling = Array(token.utf8)
      // In a byte-level vocabulary a control token can also be a result of merging, and is then
      // in the model's own vocabulary too.
      let isMergeable = type == .normal || (model == "gpt2" && type != .unused)
      try vocabulary.insert(spelling, id: id, isMergeable: isMergeable, path: path)
      guard type == .control || type == .unknown || type == .userDefined else { continue }
      try vocabulary.add(
        AddedToken(content: spelling, id: id, isSpecial: type != .userDefined), path: path)
    }
    return vocabulary
  }
}
