import Files
import Foundation

extension Tokenizer {
  /// Reads a Hugging Face tokenizer.json.
  ///
  /// Settings for training and batching (`truncation`, `padding`) do not concern single texts and
  /// are ignored. Everything else that is not implemented is an error.
  ///
  /// - Parameters:
  ///   - configuration: the contents of tokenizer_config.json beside it, if there is one: it names
  ///     special tokens. Its `add_bos_token` and `add_eos_token` are passed over where there is a
  ///     tokenizer.json, as in transformers 5 (docs/divergences.md).
  ///   - addedTokens: the contents of added_tokens.json, if there is one: ids by spelling, of which
  ///     those that tokenizer.json lacks are added.
  public init(
    contentsOfTokenizerJSON data: Data, configuration: Data?, addedTokens: Data? = nil, path: String
  ) throws(FileError) {
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
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    if let addedTokens {
      let node = try JSONParser.parse(
        Array(addedTokens), path: "\(folder)added_tokens.json", valueLimit: Self.jsonValueLimit)
      try vocabulary.add(listedIn: node)
    }
    let configuration = try configuration.map { data throws(FileError) in
      return try TokenizerConfiguration(
        contents: Array(data), path: "\(folder)tokenizer_config.json")
    }
    try configuration?.addTokens(to: &vocabulary)
    try configuration?.addListedTokens(to: &vocabulary)

    let model = BytePairModel(
      vocabulary: vocabulary, merges: .ranked(merges), kind: pipeline.kind,
      fallback: try Self.fallback(modelNode, vocabulary: vocabulary, kind: pipeline.kind),
      ignoresMerges: try modelNode.bool("ignore_merges", default: false))
    let frame = try TextFrame(postProcessorOf: root, vocabulary: vocabulary)
    let bosTokenID = try configuration?.id(ofField: "bos_token", in: vocabulary)
    let eosTokenID = try configuration?.id(ofField: "eos_token", in: vocabulary)
    self.init(
      model: model, pipeline: pipeline, frame: frame,
      bosTokenID: bosTokenID ?? frame.prefix.first,
      eosTokenIDs: eosTokenID.map { [$0] } ?? [],
      namedTokens: try configuration?.namedTokens() ?? [:])
  }

  /// The most values in a tokenizer's JSON: the largest vocabularies have two million.
  static let jsonValueLimit = 1 << 22

  private static func checkModel(_ node: JSONNode) throws(FileError) {
    // Files older than the field hold BPE if they hold merges.
    let type = try node.optional("type")?.string() ?? "BPE"
    guard type == "BPE" else {
      throw node.unsupported("tokenizer model", type, supported: "BPE")
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = try node.optional(key)?.string(), !affix.isEmpty {
        throw node.unsupported(key, affix, supported: "none")
      }
    }
    if let dropout = try node.optional("dropout"),
      ![.integer(0), .number(0)].contains(dropout.value)
    {
      throw dropout.error(.unsupported(found: "not 0", supported: "0"))
    }
  }

  private static func vocabulary(_ model: JSONNode) throws(FileError) -> Vocabulary {
    let node = try model.required("vocab")
    let members = try node.members()
    var vocabulary = Vocabulary(capacity: members.count)
    for member in members {
      guard case .integer(let id) = member.value else {
        throw node.child(Vocabulary.text(member.key), member.value).wrongType("an integer")
      }
      try vocabulary.insert(member.key, id: id, isMergeable: true, path: model.path)
    }
    return vocabulary
  }

  private static func merges(_ model: JSONNode, vocabulary: Vocabulary) throws(FileError)
    -> RankedMerges
  {
    let nodes = try model.required("merges").elements()
    var merges = RankedMerges(capacity: nodes.count)
    for (index, node) in nodes.enumerated() {
      switch node.value {
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
        throw node.wrongType("a pair of tokens")
      }
    }
    return merges
  }

  private static func fallback(
    _ model: JSONNode, vocabulary: Vocabulary, kind: Kind
  ) throws(FileError) -> BytePairModel.Fallback {
    var fallback = BytePairModel.Fallback()
    fallback.fusesUnknown = try model.bool("fuse_unk", default: false)
    fallback.unknownID = try model.optional("unk_token")?.tokenID(in: vocabulary)
    if try model.bool("byte_fallback", default: false) {
      guard kind == .sentencePiece else {
        throw model.child("byte_fallback", .bool(true))
          .error(.unsupported(found: "true", supported: "false with ByteLevel"))
      }
      fallback.byteIDs = vocabulary.byteTokenIDs
    }
    return fallback
  }
}

extension Vocabulary {
  /// Adds the tokens of an added_tokens.json that are not there.
  fileprivate mutating func add(listedIn node: JSONNode) throws(FileError) {
    for member in try node.members() {
      guard case .integer(let id) = member.value else {
        throw node.child(Self.text(member.key), member.value).wrongType("an integer")
      }
      if self.id(of: member.key) == id { continue }
      try add(AddedToken(content: member.key, id: id, isSpecial: false), path: node.path)
    }
  }
}

extension AddedToken {
  /// An entry of `added_tokens`, or of `added_tokens_decoder` in tokenizer_config.json.
  init(_ node: JSONNode, id: Int) throws(FileError) {
    let isSpecial = try node.bool("special", default: false)
    self.init(
      content: try node.required("content").bytes(), id: id, isSpecial: isSpecial,
      takesSpaceBefore: try node.bool("lstrip", default: false),
      takesSpaceAfter: try node.bool("rstrip", default: false),
      isSingleWord: try node.bool("single_word", default: false),
      isNormalized: try node.bool("normalized", default: !isSpecial))
  }
}

extension JSONNode {
  /// More elements than any list of parts has: of a pipeline, or of the tokens around a text.
  private static let partLimit = 64

  /// The elements of an array of parts, which is short.
  func parts() throws(FileError) -> [JSONNode] {
    let elements = try elements()
    guard elements.count <= Self.partLimit else {
      throw wrongType("an array of at most \(Self.partLimit) elements")
    }
    return Array(elements)
  }

  /// The member `key` if it is there, else `fallback`, which is the format's own default.
  func bool(_ key: String, default fallback: Bool) throws(FileError) -> Bool {
    try optional(key)?.bool() ?? fallback
  }

  /// The member `type`, which names a part of a pipeline.
  func type() throws(FileError) -> String {
    try required("type").string()
  }

  /// The id of the token whose spelling this value is.
  func tokenID(in vocabulary: Vocabulary) throws(FileError) -> TokenID {
    if let id = vocabulary.id(of: try bytes()) { return id }
    throw wrongType("a token of the vocabulary")
  }

  /// The error that a part of the pipeline is of an unknown kind.
  func unsupported(_ component: String, _ found: String, supported: String) -> FileError {
    FileError(
      path, "the \(component)", .unsupported(found: OneLine.quoted(found), supported: supported))
  }
}
