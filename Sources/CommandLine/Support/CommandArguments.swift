import ArgumentParser

/// The program's arguments in the form in which the parser takes them as they were meant.
///
/// The parser compares characters, so that a combining mark at the beginning of a value hides the "="
/// before it; it takes a value that begins with three dashes for an option, and a negative number for one
/// too.
///
/// Of options given twice the parser takes the last, as is usual; a second prompt would be lost, and is
/// refused.
enum CommandArguments {
  /// Options that take one value, by all their spellings.
  private static let single: [String: String] = {
    var names = [
      "-p": "--prompt", "-m": "--model", "-n": "--max-tokens", "-c": "--context", "-t": "--threads",
      "-o": "--out",
    ]
    for name in [
      "prompt", "prompt-file", "prompt-ids", "system", "model", "max-tokens", "context", "threads",
      "seed", "temperature", "top-k", "top-p", "min-p", "prefill-chunk", "out", "schedule",
      "policy", "stop", "read",
    ] { names["--\(name)"] = "--\(name)" }
    return names
  }()

  /// Those whose first value would be missed.
  private static let once: Set<String> = ["--prompt", "--prompt-file", "--prompt-ids", "--system"]

  /// - Throws: `ValidationError` for an option that is given twice though it has one value.
  static func prepared(_ arguments: [String]) throws -> [String] {
    var result: [String] = []
    var given: Set<String> = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        return result + [argument] + rest
      }
      let (name, value) = parts(of: argument)
      let option = single[name]
      if let option, once.contains(option), !given.insert(option).inserted {
        throw ValidationError("\(option) is given twice, but has one value.")
      }
      switch (value, option) {
      case (let value?, _) where argument.firstIndex(of: "=") == nil:
        // Hidden from the parser by a combining mark.
        result += [name, value]
      case (nil, let option?):
        guard let next = rest.popFirst() else {
          result.append(argument)
          continue
        }
        result += isTakenForOption(next) ? ["\(option)=\(next)"] : [argument, next]
      default: result.append(argument)
      }
    }
    return result
  }

  /// `--name=value` as name and value, divided at the first scalar "=".
  private static func parts(of argument: String) -> (name: String, value: String?) {
    let scalars = argument.unicodeScalars
    guard argument.utf8.starts(with: "--".utf8), let place = scalars.firstIndex(of: "=") else {
      return (argument, nil)
    }
    return (
      String(scalars[..<place]), String(scalars[scalars.index(after: place)...])
    )
  }

  private static func isTakenForOption(_ value: String) -> Bool {
    let bytes = Array(value.utf8)
    guard bytes.first == UInt8(ascii: "-"), bytes.count > 1 else { return false }
    return value.utf8.starts(with: "---".utf8)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[1])
  }
}
