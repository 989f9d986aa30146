import Files

/// What is wrong with a tokenizer's description, and where.
///
/// Every case carries the path of the file it was read from, and `description` is one sentence.
public enum TokenizerError: Error, Equatable, Sendable {
  /// The file is not JSON, from byte `offset` on.
  case malformedJSON(path: String, offset: Int, problem: String)
  /// A field that must be there is not.
  case missingField(path: String, field: String)
  /// A field holds another kind of value than the format prescribes.
  case wrongType(path: String, field: String, expected: String)
  /// A part of the pipeline is of a kind that this implementation does not have: running without
  /// it would yield other token ids than the model was trained on.
  case unsupported(path: String, component: String, found: String)
  /// A token's id is negative, or so large that it cannot be a row of an embedding.
  case tokenIDOutOfRange(path: String, token: String, id: Int, limit: Int)
  /// Two tokens share an id.
  case duplicateID(path: String, id: Int, first: String, second: String)
  /// The same token stands in the vocabulary twice.
  case duplicateToken(path: String, token: String)
  /// An added token has another id than the vocabulary gives to the same spelling.
  case conflictingID(path: String, token: String, vocabularyID: Int, addedID: Int)
  /// Line `index` of the merges is not a pair of tokens.
  case malformedMerge(path: String, index: Int, merge: String)
  /// Line `index` of the merges needs `token`, which is not in the vocabulary.
  case mergeOfUnknownToken(path: String, index: Int, token: String)
  /// Line `index` of the merges repeats an earlier line, so its rank is ambiguous.
  case duplicateMerge(path: String, index: Int, merge: String)
  /// A field refers to a token that the vocabulary does not hold.
  case unknownToken(path: String, field: String, token: String)
  /// Two lists that describe the same tokens are not of the same length.
  case countMismatch(path: String, field: String, expected: Int, found: Int)
  /// A number is outside the range that its field allows.
  case invalidValue(path: String, field: String, found: String)
}

extension TokenizerError: CustomStringConvertible {
  /// One sentence: which file, what was expected and what was found.
  public var description: String { OneLine.of(sentence) }

  private var sentence: String {
    switch self {
    case .malformedJSON(let path, let offset, let problem):
      "\(path) is not valid JSON: \(problem) at byte \(offset)."
    case .missingField(let path, let field):
      "\(path) has no field \(field), which a tokenizer needs."
    case .wrongType(let path, let field, let expected):
      "\(path) should hold \(expected) in the field \(field)."
    case .unsupported(let path, let component, let found):
      "\(path) asks for the \(component) \(Self.quote(found)), which is not supported."
    case .tokenIDOutOfRange(let path, let token, let id, let limit):
      "\(path) gives the token \(Self.quote(token)) the id \(id), outside 0 ..< \(limit)."
    case .duplicateID(let path, let id, let first, let second):
      "\(path) gives the id \(id) to both \(Self.quote(first)) and \(Self.quote(second))."
    case .duplicateToken(let path, let token):
      "\(path) holds the token \(Self.quote(token)) twice."
    case .conflictingID(let path, let token, let vocabularyID, let addedID):
      "\(path) gives the token \(Self.quote(token)) the id \(vocabularyID) in its vocabulary and "
        + "\(addedID) among the added tokens."
    case .malformedMerge(let path, let index, let merge):
      "\(path) holds, as merge \(index), \(Self.quote(merge)), which is not a pair of tokens."
    case .mergeOfUnknownToken(let path, let index, let token):
      "\(path) needs, for merge \(index), the token \(Self.quote(token)), which is not in its "
        + "vocabulary."
    case .duplicateMerge(let path, let index, let merge):
      "\(path) repeats, as merge \(index), the pair \(Self.quote(merge))."
    case .unknownToken(let path, let field, let token):
      "\(path) names the token \(Self.quote(token)) in the field \(field), but its vocabulary "
        + "does not hold it."
    case .countMismatch(let path, let field, let expected, let found):
      "\(path) has \(found) entries in the field \(field), where \(expected) were expected."
    case .invalidValue(let path, let field, let found):
      "\(path) holds \(Self.quote(found)) in the field \(field), which is out of range."
    }
  }

  /// The text in quotation marks, on one line and cut to a length that a terminal can show: it
  /// comes from a file that may be hostile.
  static func quote(_ text: String) -> String {
    var shown = ""
    var length = 0
    for scalar in text.unicodeScalars {
      if length == 80 { return "\"" + shown + "…\"" }
      shown += scalar.steersTerminal ? scalar.escaped(asASCII: true) : String(scalar)
      length += 1
    }
    return "\"" + shown + "\""
  }
}
