import Files
import Llama
import Tensor

/// The log-probabilities of an answer of OpenAI's completions, of either form.
///
/// Chat completions have `choices[0].logprobs.content`, a list of objects with `token`, `logprob`
/// and `top_logprobs`; the older completions have `choices[0].logprobs` with the lists `tokens`,
/// `token_logprobs` and `top_logprobs`. Both name tokens by their text. A field `id`, or a text
/// `token_id:17`, as some servers write, gives the id itself.
struct Completion {
  /// One token that could have come, and how probable it was.
  struct Entry: Equatable, Sendable {
    /// The token id.
    let token: TokenID
    /// The logarithm of its probability.
    let logProbability: Double
  }

  /// The tokens of the answer.
  private(set) var tokens: [TokenID] = []
  /// For each of them, what was listed, by ascending token id; empty where nothing was.
  private(set) var rows: [[Entry]] = []

  private let path: String
  private let texts: TokenTexts?

  /// Reads the first choice.
  /// - Parameter texts: ids by text; not needed where the ids are given.
  init(_ document: JSONNode, texts: TokenTexts?) throws(RecordingError) {
    path = document.path
    self.texts = texts
    let choices = try RecordingError.reading(.completion) { () throws(FileError) in
      try document.required("choices").elements()
    }
    guard choices.count == 1 else {
      throw malformed("it has \(choices.count) choices, where one is compared")
    }
    let (content, logprobs) = try RecordingError.reading(.completion) {
      () throws(FileError) in
      let logprobs = try choices[0].required("logprobs")
      return (try logprobs.optional("content")?.elements(), logprobs)
    }
    if let content {
      try checkCount(content.count)
      for node in content { try append(node) }
    } else {
      try readOlderForm(logprobs)
    }
  }

  /// One element of `content`.
  private mutating func append(_ node: JSONNode) throws(RecordingError) {
    let chosen = try entry(node)
    let listed = try RecordingError.reading(.completion) { () throws(FileError) in
      try node.optional("top_logprobs")?.elements()
    }
    var entries: [Entry] = []
    if let listed { for node in listed { entries.append(try entry(node)) } }
    try append(chosen.token, chosen.logProbability, listed: entries)
  }

  private func entry(_ node: JSONNode) throws(RecordingError) -> Entry {
    let (id, text, bytes, logprob) = try RecordingError.reading(.completion) {
      () throws(FileError) -> (Int?, [UInt8], [Int]?, JSONNode) in
      var bytes: [Int]?
      if let listed = try node.optional("bytes")?.elements() {
        bytes = []
        for byte in listed { bytes?.append(try byte.integer()) }
      }
      return (
        try node.optional("id")?.integer(), try node.required("token").bytes(), bytes,
        try node.required("logprob")
      )
    }
    let spelling = bytes.map { $0.compactMap(UInt8.init(exactly:)) } ?? text
    if let bytes, bytes.count != spelling.count { throw malformed("bytes holds no bytes") }
    let logProbability = try number(logprob)
    if let id {
      guard id >= 0 else { throw malformed("it has the token id \(id)") }
      return Entry(token: id, logProbability: logProbability)
    }
    return Entry(
      token: try token(text, spelling: spelling), logProbability: logProbability)
  }

  /// The lists of the older form.
  private mutating func readOlderForm(_ logprobs: JSONNode) throws(RecordingError) {
    let (texts, numbers, lists) = try RecordingError.reading(.completion) {
      () throws(FileError) in
      (
        try logprobs.required("tokens").elements(),
        try logprobs.required("token_logprobs").elements(),
        try logprobs.optional("top_logprobs")?.elements()
      )
    }
    try checkCount(texts.count)
    let areListed = lists.map { !$0.isEmpty } ?? false
    guard numbers.count == texts.count, !areListed || lists?.count == texts.count else {
      throw malformed("its lists tokens, token_logprobs and top_logprobs differ in length")
    }
    for index in texts.indices {
      let text = try RecordingError.reading(.completion) { () throws(FileError) in
        try texts[index].bytes()
      }
      var entries: [Entry] = []
      if areListed, let list = lists?[index], list.value != .null {
        let members = try RecordingError.reading(.completion) { () throws(FileError) in
          try list.members()
        }
        for member in members {
          let node = JSONNode(value: member.value, path: path, field: "top_logprobs")
          entries.append(
            Entry(
              token: try token(member.key, spelling: member.key), logProbability: try number(node)))
        }
      }
      // The first token of a text that is echoed has nothing before it, so it has no probability.
      let own = numbers[index].value == .null ? nil : try number(numbers[index])
      try append(try token(text, spelling: text), own, listed: entries)
    }
  }

  private mutating func append(
    _ token: TokenID, _ logProbability: Double?, listed: [Entry]
  ) throws(RecordingError) {
    try RecordingLimits.check(
      listed.count, "log-probabilities of one token", upTo: RecordingLimits.columns, path: path)
    var byToken: [TokenID: Double] = [:]
    for entry in listed {
      guard byToken.updateValue(entry.logProbability, forKey: entry.token) == nil else {
        throw malformed("token \(rows.count) of the answer lists the token \(entry.token) twice")
      }
    }
    if let logProbability, byToken[token] == nil { byToken[token] = logProbability }
    tokens.append(token)
    rows.append(
      byToken.sorted { $0.key < $1.key }.map { Entry(token: $0.key, logProbability: $0.value) })
  }

  private func checkCount(_ count: Int) throws(RecordingError) {
    try RecordingLimits.check(count, "tokens", upTo: RecordingLimits.rows, path: path)
  }

  private func number(_ node: JSONNode) throws(RecordingError) -> Double {
    switch node.value {
    case .integer(let number): return Double(number)
    case .number(let number) where number.isFinite: return number
    default: throw malformed("\(node.field) does not hold a number")
    }
  }

  /// The id of a token from its text.
  private func token(_ text: [UInt8], spelling: [UInt8]) throws(RecordingError) -> TokenID {
    let prefix = Array("token_id:".utf8)
    if text.starts(with: prefix) {
      let digits = String(decoding: text.dropFirst(prefix.count), as: UTF8.self)
      if let id = Int(digits), id >= 0 { return id }
    }
    guard let texts else { throw .needsTokenizer(path: path) }
    let shown = String(decoding: spelling, as: UTF8.self).shown
    switch texts.ids(of: spelling) {
    case let ids where ids.count == 1: return ids[0]
    case let ids where ids.isEmpty:
      throw malformed("the tokenizer has no token with the text \"\(shown)\"")
    case let ids:
      throw malformed("the text \"\(shown)\" is that of \(ids.count) tokens of the tokenizer")
    }
  }

  private func malformed(_ reason: String) -> RecordingError {
    .malformed(path: path, kind: .completion, reason: reason)
  }
}

/// Token ids by the bytes that they stand for.
struct TokenTexts {
  private var tokens: [[UInt8]: [TokenID]] = [:]

  /// All tokens of a tokenizer.
  init(_ tokenizer: Tokenizer) {
    for id in 0..<tokenizer.vocabularySize {
      if let bytes = tokenizer.bytes(of: id) { tokens[bytes, default: []].append(id) }
    }
  }

  /// The tokens that stand for these bytes.
  func ids(of bytes: [UInt8]) -> [TokenID] { tokens[bytes] ?? [] }
}
