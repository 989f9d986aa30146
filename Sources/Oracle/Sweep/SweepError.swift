import Files

/// Why a sweep is not made or not read. What is wrong with the content of one file is a `FileError`. Each
/// description is one sentence.
public enum SweepError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A number of rows that no pass may have.
  case rows(Int)
  case tooManyCounts(Int)
  /// No number of rows but 1.
  case nothingBesideOne
  case tooManyTokens(Int)
  case tooFewTokens(Int, rows: Int)
  case tooManyMaskCells(Int)
  /// The context ends too soon behind the prefix.
  case noRoom(prefix: Int, contextLength: Int)
  case exists(path: String)
  case notASweep(path: String)
  case foreignFile(path: String, name: String)
  /// A file of rows that the sweep does not ask for, or of no known kind.
  case unknownFile(path: String, expected: [String])
  case severalFiles(rows: Int, names: [String])
  case nothingAlone(path: String)
  case nothingBesideAlone(path: String)
  /// `found` cannot be compared with what the engine wrote of rows alone.
  case differentValues(path: String, found: String, alone: String)
  case otherModel(expected: String, sha256: String, found: String, foundSHA256: String)
  case nothingCompared(path: String)

  public var description: String {
    switch self {
    case .rows(let rows):
      "A pass of \(rows) rows cannot be in a sweep: give numbers from 1 to \(SweepLimit.rows)."
    case .tooManyCounts(let count):
      "A sweep of \(count) numbers of rows is too large: give at most \(SweepLimit.counts)."
    case .nothingBesideOne:
      "A sweep compares rows alone with rows among others: give a number of rows beside 1."
    case .tooManyTokens(let tokens):
      "A sweep of \(tokens) tokens is too long: ask for at most \(SweepLimit.tokens)."
    case .tooFewTokens(let tokens, let rows):
      "\(tokens) tokens do not fill a pass of \(rows) rows: ask for more tokens, or fewer rows."
    case .tooManyMaskCells(let cells):
      "The masks of the sweep have \(cells) cells, where at most \(SweepLimit.maskCells) are written: "
        + "ask for fewer tokens, or fewer rows."
    case .noRoom(let prefix, let contextLength):
      "A prompt of \(prefix) tokens leaves no room for a pass of two rows in the model's context of "
        + "\(contextLength): give a shorter one."
    case .exists(let path):
      "\(path) exists already; sweep replaces a sweep, with all that an engine has written there, with "
        + "--force."
    case .notASweep(let path):
      "\(path) is neither a sweep nor an empty folder, so it is not replaced."
    case .foreignFile(let path, let name):
      "\(path) holds \(name.shown), which is no file of a sweep, so it is not replaced."
    case .unknownFile(let path, let expected):
      "\(OneLine.of(path)) is no file of this sweep: it reads \(expected.joined(separator: ", ")), each as "
        + ".npy, .safetensors or .json."
    case .severalFiles(let rows, let names):
      "Passes of \(rows) rows are in \(names.joined(separator: " and ")): leave one of them."
    case .nothingAlone(let path):
      "\(path) has no rows-1.npy, .safetensors or .json, with which all others are compared: let the "
        + "engine read the continuation one row at a time, and write its logits there."
    case .nothingBesideAlone(let path):
      "\(path) has rows alone and nothing to compare them with: let the engine read the continuation in "
        + "passes of more rows too, and write the logits to rows-2.npy and so on."
    case .differentValues(let path, let found, let alone):
      "\(path) has \(found), but those of rows alone are \(alone): write all files in one form."
    case .otherModel(let expected, let sha256, let found, let foundSHA256):
      "The sweep was made with \(expected.shown) (SHA-256 \(String(sha256.prefix(12)).shown)…), not "
        + "with \(found.shown) (\(String(foundSHA256.prefix(12)).shown)…): name that model by --model."
    case .nothingCompared(let path):
      "\(path) has no row in common with the rows alone, so nothing can be said."
    }
  }
}
