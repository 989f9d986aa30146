import Files
import Llama

/// The log-probabilities of an answer of OpenAI's completions, of either form.
///
/// Chat completions have `choices[0].logprobs.content`, a list of objects with `token`, `logprob`
/// and `top_logprobs`; the older completions have `choices[0].logprobs` with the lists `tokens`,
/// `token_logprobs` and `top_logprobs`. Both name tokens by their text. A field `id`, or a text
/// `token_id:17`, as some servers write, gives the id itself.
struct Completion {
  struct Entry: Equatable, Sendable {
    let token: TokenID
    let logProbability: Double
  }

  private(set) var tokens: [TokenID] = []
  /// For each of them, what was listed, by ascending token id; empty where nothing was.
  private(set) var rows: [[Entry]] = []

  private let path: String
  private let texts: TokenTexts?

  /// Reads the first choice.
  /// - Parameter texts: ids by text; not needed where the ids are given.
  init(_ document: JSONNode, texts: TokenTexts?) throws(FileError) {
    path = document.path
    self.texts = texts
    let choices = try document.required("choices").elements()
    guard choices.count == 1 else {
      throw malformed("has \(choices.count) choices, where one is compared")
    }
    let logprobs = try choices[0].required("logprobs")
    if let content = try logprobs.optional("content")?.elements() {
      try checkCount(content.count)
      for node in content { try append(node) }
    } else {
      try readOlderForm(logprobs)
    }
  }

  /// One element of `content`.
  private mutating func append(_ node: JSONNode) throws(FileError) {
    let chosen = try entry(node)
    var entries: [Entry] = []
    if let listed = try node.optional("top_logprobs")?.elements() {
      for node in listed { entries.append(try entry(node)) }
    }
    try append(chosen.token, chosen.logProbability, listed: entries)
  }

  private func entry(_ node: JSONNode) throws(FileError) -> Entry {
    let id = try node.optional("id")?.integer()
    let text = try node.required("token").bytes()
    var spelling = text
    if let listed = try node.optional("bytes")?.elements() {
      spelling = []
      for element in listed {
        guard let byte = UInt8(exactly: try element.integer()) else {
          throw element.wrongType("a byte")
        }
        spelling.append(byte)
      }
    }
    let logProbability = try node.required("logprob").number()
    if let id, id < 0 { throw malformed("has the token id \(id)") }
    let token = if let id { id } else { try token(text, spelling: spelling) }
    return Entry(token: token, logProbability: logProbability)
  }

  private mutating func readOlderForm(_ logprobs: JSONNode) throws(FileError) {
    let texts = try logprobs.required("tokens").elements()
    let numbers = try logprobs.required("token_logprobs").elements()
    let lists = try logprobs.optional("top_logprobs")?.elements()
    try checkCount(texts.count)
    let areListed = lists.map { !$0.isEmpty } ?? false
    guard numbers.count == texts.count, !areListed || lists?.count == texts.count else {
      throw malformed("has lists tokens, token_logprobs and top_logprobs of different lengths")
    }
    for index in texts.indices {
      let text = try texts[index].bytes()
      var entries: [Entry] = []
      if areListed, let list = lists?[index], list.value != .null {
        // Members, not a dictionary: keys that differ as bytes may be equal as texts.
        for member in try list.members() {
          entries.append(
            Entry(
              token: try token(member.key, spelling: member.key),
              logProbability: try list.child("top_logprobs", member.value).number()))
        }
      }
      // The first token of a text that is echoed has nothing before it, so it has no probability.
      let own = numbers[index].value == .null ? nil : try numbers[index].number()
      try append(try token(text, spelling: text), own, listed: entries)
    }
  }

  private mutating func append(
    _ token: TokenID, _ logProbability: Double?, listed: [Entry]
  ) throws(FileError) {
    try RecordingLimit.columns.check(listed.count, "log-probabilities of one token", path: path)
    var byToken: [TokenID: Double] = [:]
    for entry in listed {
      guard byToken.updateValue(entry.logProbability, forKey: entry.token) == nil else {
        throw malformed("lists the token \(entry.token) twice for token \(rows.count) of the text")
      }
    }
    if let logProbability, byToken[token] == nil { byToken[token] = logProbability }
    tokens.append(token)
    rows.append(
      byToken.sorted { $0.key < $1.key }.map { Entry(token: $0.key, logProbability: $0.value) })
  }

  private func checkCount(_ count: Int) throws(FileError) {
    try RecordingLimit.rows.check(count, "tokens", path: path)
  }

  private func token(_ text: [UInt8], spelling: [UInt8]) throws(FileError) -> TokenID {
    let prefix = Array("token_id:".utf8)
    if text.starts(with: prefix) {
      let digits = String(decoding: text.dropFirst(prefix.count), as: UTF8.self)
      if let id = Int(digits), id >= 0 { return id }
    }
    guard let texts else {
      throw malformed(
        "names tokens by their text, so their ids are known only with a tokenizer: give the model "
          + "with --model")
    }
    let shown = String(decoding: spelling, as: UTF8.self).shown
    switch texts.ids(of: spelling) {
    case let ids where ids.count == 1: return ids[0]
    case let ids where ids.isEmpty:
      throw malformed("has the token text \"\(shown)\", which the tokenizer does not have")
    case let ids:
      throw malformed("has the text \"\(shown)\" of \(ids.count) tokens of the tokenizer")
    }
  }

  private func malformed(_ reason: String) -> FileError {
    FileError(path, "the completion", .malformed(reason: reason))
  }
}

/// Token ids by the bytes that they stand for.
struct TokenTexts {
  private var tokens: [[UInt8]: [TokenID]] = [:]

  init(_ tokenizer: Tokenizer) {
    for id in 0..<tokenizer.vocabularySize {
      if let bytes = tokenizer.bytes(of: id) { tokens[bytes, default: []].append(id) }
    }
  }

  func ids(of bytes: [UInt8]) -> [TokenID] { tokens[bytes] ?? [] }
}
