import Files

/// What is wrong with what a model file says about its architecture or tokenizer.
///
/// `path` is the file that says it, `key` the name it has there.
public enum ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A file that should be JSON is not.
  case notJSON(path: String, reason: String)
  /// A key that has no default is absent.
  case missingKey(path: String, key: String)
  /// A key's value has another type than it should.
  case wrongType(path: String, key: String, expected: String, found: String)
  /// A key's value cannot be right.
  case invalid(path: String, key: String, expected: String, found: String)
  /// A key's value may be right, but this program cannot compute such a model.
  case unsupported(path: String, key: String, supported: String, found: String)

  /// The error as one sentence.
  public var description: String { OneLine.of(sentence) }

  private var sentence: String {
    switch self {
    case .notJSON(let path, let reason): "\(path) is not valid JSON: \(reason)."
    case .missingKey(let path, let key): "\(path) lacks the key \(key)."
    case .wrongType(let path, let key, let expected, let found):
      "\(path) has \(found) under the key \(key), where \(expected) is needed."
    case .invalid(let path, let key, let expected, let found):
      "\(path) gives \(key) as \(found), where \(expected) is needed."
    case .unsupported(let path, let key, let supported, let found):
      "\(path) gives \(key) as \(found), which is not supported; supported is \(supported)."
    }
  }
}
