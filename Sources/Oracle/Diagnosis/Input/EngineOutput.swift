import Files
import Llama

/// The tokens that another engine generated after a prompt, and what it listed of their probabilities.
///
/// Read from a JSON list of ids, from ids one a line, or from an answer of an inference server:
///
/// | form | where the ids are |
/// |---|---|
/// | a list | the elements, or those of its only element |
/// | an object | `tokens`, `token_ids`, `output_ids`, `output_token_ids` or `generated_token_ids` |
/// | vLLM | `choices[0].token_ids`, `outputs[0].token_ids` |
/// | llama.cpp's server | `tokens`, else the `id`s of `completion_probabilities` |
/// | OpenAI's completions | the tokens of `choices[0].logprobs`, by text, `bytes` or `id` |
public struct EngineOutput: Sendable {
  public let path: String
  public let tokens: [TokenID]
  /// For each token the log-probabilities that are listed, by token id; empty where there are none.
  public let logProbabilities: [[TokenID: Double]]

  public init(
    path: String, tokens: [TokenID], logProbabilities: [[TokenID: Double]] = []
  ) {
    (self.path, self.tokens, self.logProbabilities) = (path, tokens, logProbabilities)
  }

  /// - Parameters:
  ///   - tokenizer: for answers that name tokens by their text; the model's.
  ///   - vocabularySize: tokens of the model.
  /// - Throws: `InputFileError` if it cannot be read; `FileError` if it has no tokens, too many, or
  ///   tokens that the model does not have.
  public static func read(
    _ path: String, tokenizer: Tokenizer?, vocabularySize: Int
  ) throws -> EngineOutput {
    let file = try InputFile(path: path)
    try RecordingLimit.documentBytes.check(file.count, "bytes", path: path)
    let bytes = file.bytes(at: 0, count: file.count) ?? []
    try file.checkUnchanged()
    let output = try read(bytes, path: path, tokenizer: tokenizer)
    try RecordingLimit.rows.check(output.tokens.count, "tokens", path: path)
    if output.tokens.isEmpty {
      throw FileError(path, "the list of tokens", .malformed(reason: "is empty"))
    }
    if let index = output.tokens.firstIndex(where: { $0 < 0 || $0 >= vocabularySize }) {
      throw FileError(
        path, "token \(index)",
        .invalid(
          expected: "an id from 0 to \(vocabularySize - 1), the vocabulary of the model",
          found: "\(output.tokens[index])"))
    }
    return output
  }

  /// Without the prompt, if all of it stands before the generated tokens, as transformers returns them.
  public func withoutPrompt(_ prompt: [TokenID]) -> EngineOutput {
    guard !prompt.isEmpty, logProbabilities.isEmpty, tokens.count > prompt.count,
      tokens.starts(with: prompt)
    else { return self }
    return EngineOutput(path: path, tokens: Array(tokens.dropFirst(prompt.count)))
  }

  private static func read(
    _ bytes: [UInt8], path: String, tokenizer: Tokenizer?
  ) throws -> EngineOutput {
    let first = bytes.first { !" \t\r\n".utf8.contains($0) }
    guard first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else {
      return EngineOutput(path: path, tokens: try lines(bytes, path: path))
    }
    let document = try JSONParser.parse(bytes, path: path)
    if case .array(let elements) = document.value {
      if elements.count == 1, case .array = elements[0] {
        let only = try document.elements()[0]
        return EngineOutput(path: path, tokens: try only.integers())
      }
      return EngineOutput(path: path, tokens: try document.integers())
    }
    return try answer(document, tokenizer)
  }

  /// Ids separated by white space or commas.
  private static func lines(_ bytes: [UInt8], path: String) throws(FileError) -> [TokenID] {
    var tokens: [TokenID] = []
    for word in bytes.split(whereSeparator: { " \t\r\n,".utf8.contains($0) }) {
      let text = String(decoding: word, as: UTF8.self)
      guard let token = Int(text) else {
        throw FileError(
          path, nil,
          .unsupported(
            found: "no list of token ids, since it has \(text.shown)",
            supported: "a JSON list of ids, ids one a line, or an answer of OpenAI's completions, "
              + "vLLM or llama.cpp's server"))
      }
      tokens.append(token)
    }
    return tokens
  }

  private static let idKeys = [
    "token_ids", "output_ids", "output_token_ids", "generated_token_ids", "tokens",
  ]

  private static func answer(
    _ document: JSONNode, _ tokenizer: Tokenizer?
  ) throws -> EngineOutput {
    let path = document.path
    if let choices = try document.optional("choices")?.elements(), let choice = choices.first {
      let ids = try ids(in: choice)
      if try choice.optional("logprobs") == nil, let ids {
        return EngineOutput(path: path, tokens: ids)
      }
      let completion = try Completion(document, texts: tokenizer.map(TokenTexts.init))
      return EngineOutput(
        path: path, tokens: ids ?? completion.tokens,
        logProbabilities: completion.rows.map { row in
          Dictionary(
            row.map { ($0.token, $0.logProbability) }, uniquingKeysWith: { first, _ in first })
        })
    }
    if let outputs = try document.optional("outputs")?.elements(), let output = outputs.first,
      let ids = try ids(in: output)
    {
      return EngineOutput(path: path, tokens: ids)
    }
    if let rows = try document.optional("completion_probabilities")?.elements() {
      return try llamaCpp(document, Array(rows))
    }
    if let ids = try ids(in: document) { return EngineOutput(path: path, tokens: ids) }
    throw FileError(
      path, "the answer",
      .malformed(
        reason: "has none of choices, outputs, completion_probabilities, "
          + idKeys.joined(separator: ", ")))
  }

  private static func ids(in node: JSONNode) throws(FileError) -> [TokenID]? {
    for key in idKeys {
      if let list = try node.optional(key) { return try list.integers() }
    }
    return nil
  }

  /// `completion_probabilities` of llama.cpp's server, with `n_probs`.
  private static func llamaCpp(
    _ document: JSONNode, _ rows: [JSONNode]
  ) throws(FileError) -> EngineOutput {
    var tokens: [TokenID] = []
    var logProbabilities: [[TokenID: Double]] = []
    for row in rows {
      let token = try row.required("id").integer()
      var listed = [token: try row.required("logprob").number()]
      if let others = try row.optional("top_logprobs")?.elements() {
        for other in others {
          listed[try other.required("id").integer()] = try other.required("logprob").number()
        }
      }
      tokens.append(token)
      logProbabilities.append(listed)
    }
    let ids = try ids(in: document) ?? tokens
    return EngineOutput(path: document.path, tokens: ids, logProbabilities: logProbabilities)
  }
}
