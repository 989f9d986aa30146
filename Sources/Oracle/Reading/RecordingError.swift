import Files
import Llama

/// Why what somebody recorded cannot be read or compared.
public enum RecordingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The content is of no kind that is read.
  case unknownKind(path: String)
  /// The content breaks the rules of its kind.
  case malformed(path: String, kind: RecordingKind, reason: String)
  /// A file of a kind that is read into memory as a whole is larger than is allowed for that.
  case tooLarge(path: String, size: Int, limit: Int)
  /// There is more of something than is compared.
  case tooMany(path: String, what: String, found: Int, limit: Int)
  /// A tensor has elements that are no numbers that can be compared, such as integers.
  case unsupportedElements(path: String, tensor: String, found: String)
  /// A tensor's shape is not that of its name.
  case wrongShape(path: String, tensor: String, expected: String, found: [Int])
  /// Two tensors of one name have rows of different lengths.
  case differentColumns(tensor: String, pass: Int, a: Int, b: Int)
  /// Attention weights of one name are of heads with different numbers of keys.
  case differentKeys(tensor: String, pass: Int, a: Int, b: Int)
  /// A row lists a token that the other side does not have.
  case columnOutside(tensor: String, column: Int, count: Int)
  /// Nothing says which row of one belongs to which row of the other.
  case unalignedRows(tensor: String, pass: Int, a: Int, b: Int)
  /// Token texts were recorded where token ids are needed, and there is no tokenizer to tell them.
  case needsTokenizer(path: String)
  /// No tensor has a name that fits one of the patterns.
  case nothingChosen(patterns: [String])
  /// The two have no tensor in common.
  case nothingInCommon(a: [String], b: [String])
  /// The tensors that the two have in common have no values that could be put beside each other.
  case nothingCompared(a: String, b: String)

  /// The error as one sentence.
  public var description: String {
    switch self {
    case .unknownKind(let path):
      "\(path) is of no kind that can be compared, which are: the folder of a trace, safetensors, "
        + "NumPy's .npy, the file that llama.cpp's perplexity tool writes for --save-all-logits, "
        + "and JSON with the logprobs of OpenAI's completions."
    case .malformed(let path, let kind, let reason):
      "\(path) is not \(kind.words): \(reason)."
    case .tooLarge(let path, let size, let limit):
      "\(path) has \(size) bytes, where no more than \(limit) are read as JSON."
    case .tooMany(let path, let what, let found, let limit):
      "\(path) has \(found) \(what), where no more than \(limit) are compared."
    case .unsupportedElements(let path, let tensor, let found):
      "\(path) stores the tensor \(tensor.shown) as \(found.shown), where F64, F32, F16 or BF16 "
        + "can be compared; --tensors leaves tensors out."
    case .wrongShape(let path, let tensor, let expected, let found):
      "\(path) gives the tensor \(tensor.shown) the shape \(found.shown), where \(expected) is expected."
    case .differentColumns(let tensor, let pass, let a, let b):
      "The rows of \(tensor.shown) in pass \(pass) have \(a) values in A and \(b) in B."
    case .differentKeys(let tensor, let pass, let a, let b):
      "The heads of \(tensor.shown) in pass \(pass) have \(a) keys in A and \(b) in B."
    case .columnOutside(let tensor, let column, let count):
      "A row of \(tensor.shown) lists token \(column), where the other side has \(count) tokens."
    case .unalignedRows(let tensor, let pass, let a, let b):
      "\(tensor.shown) has \(a) rows in A and \(b) in B in pass \(pass), and nothing says which "
        + "belong together."
    case .needsTokenizer(let path):
      "\(path) names tokens by their text, so their ids are known only with a tokenizer: give the "
        + "model with --model."
    case .nothingChosen(let patterns):
      "A and B have no tensor in common with a name such as \(Self.list(patterns))."
    case .nothingInCommon(let a, let b):
      "A and B have no tensor in common: A has \(Self.list(a)), and B has \(Self.list(b))."
    case .nothingCompared(let a, let b):
      "\(a) and \(b) have no value in common that could be compared."
    }
  }

  private static func list(_ names: [String]) -> String {
    if names.isEmpty { return "none" }
    let shown = names.prefix(4).map(\.shown).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }
}

extension RecordingError {
  /// Runs `body`, which reads JSON, and says what it finds wrong as an error of this type.
  static func reading<Result>(
    _ kind: RecordingKind, _ body: () throws(FileError) -> Result
  ) throws(RecordingError) -> Result {
    do {
      return try body()
    } catch {
      throw .malformed(path: error.path, kind: kind, reason: error.explanation)
    }
  }
}

extension String {
  /// On one line and cut to a length that a terminal can show: it comes from a file that may be
  /// hostile.
  package var shown: String {
    let clean = unicodeScalars.prefix(60).map {
      $0.properties.isDefaultIgnorableCodePoint || $0.steersTerminal ? "?" : String($0)
    }.joined()
    return unicodeScalars.count > 60 ? clean + "…" : clean
  }
}

extension [Int] {
  /// A shape, cut to a length that a terminal can show.
  var shown: String {
    if count <= 8 { return "\(self)" }
    return "[\(prefix(8).map(String.init).joined(separator: ", ")), …]"
  }
}
