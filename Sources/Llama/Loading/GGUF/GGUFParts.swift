import Files

extension GGUFFile {
  /// The most parts of a file.
  private static let partLimit = 1 << 10

  /// Opens a GGUF file, or all parts of one that was split, of which the first has the metadata:
  /// `name-00001-of-00003.gguf` (llama.cpp's gguf-split).
  /// - Throws: `FileError` if this is another part than the first, or if the parts do not belong
  ///   together; `InputFileError` if one cannot be read.
  static func openAll(_ file: InputFile) throws -> GGUFFile {
    let first = try GGUFFile(file)
    let metadata = first.metadata
    guard let count = try metadata.integer("split.count"), count > 1 else { return first }
    func error(_ key: String, _ problem: FileError.Problem) -> FileError {
      FileError(file.path, "the key \(key)", problem)
    }
    guard count <= partLimit else {
      throw error(
        "split.count", .invalid(expected: "at most \(partLimit) parts", found: "\(count)"))
    }
    let number = try metadata.required("split.no", try metadata.integer("split.no"))
    guard let name = PartName(file.path), name.number == 1, name.count == count, number == 0 else {
      throw error(
        "split.no",
        .invalid(
          expected:
            "0, in a file called -00001-of-\(PartName.digits(count)).gguf: name the first part",
          found: "\(number)"))
    }
    var parts: [GGUFFile] = []
    for index in 2...count {
      let part = try GGUFFile(try InputFile(path: name.path(ofPart: index)))
      for (key, expected) in [("split.no", index - 1), ("split.count", count)] {
        let found = try part.metadata.integer(key)
        guard found == expected else {
          throw FileError(
            part.file.path, "the key \(key)",
            .invalid(expected: "\(expected)", found: found.map { "\($0)" } ?? "absent"))
        }
      }
      parts.append(part)
    }
    let all = GGUFFile(first, parts: parts)
    var names: Set<String> = []
    for tensor in all.tensors where !names.insert(tensor.name).inserted {
      throw FileError(tensor.file.path, "the tensor \(tensor.name)", .duplicate)
    }
    if let stated = try metadata.integer("split.tensors.count"), stated != all.tensors.count {
      throw error(
        "split.tensors.count",
        .invalid(expected: "\(all.tensors.count), as many as the parts have", found: "\(stated)"))
    }
    return all
  }
}

/// The name of a part: `…-00001-of-00003.gguf`.
struct PartName {
  let number: Int
  let count: Int
  private let stem: String

  init?(_ path: String) {
    let ending = ".gguf"
    guard path.hasSuffix(ending) else { return nil }
    let words = path.dropLast(ending.count).split(separator: "-", omittingEmptySubsequences: false)
    guard words.count > 3, words[words.count - 2] == "of",
      let count = Self.number(words[words.count - 1]),
      let number = Self.number(words[words.count - 3])
    else { return nil }
    (self.number, self.count) = (number, count)
    stem = words.dropLast(3).joined(separator: "-")
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.count == 5 && text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }

  static func digits(_ number: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  func path(ofPart number: Int) -> String {
    "\(stem)-\(Self.digits(number))-of-\(Self.digits(count)).gguf"
  }
}
