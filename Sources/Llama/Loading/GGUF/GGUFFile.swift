import Files
import Tensor

/// A GGUF file's metadata and tensor directory, checked; the tensors themselves stay unread.
///
/// The format, version 2 and 3: "GGUF", a version, the numbers of tensors and of metadata entries;
/// the metadata, each a key and a typed value; the directory, each a name, dimensions, type and
/// offset; then, from the next multiple of the alignment on, the tensor data. Integers are
/// little-endian, lengths and counts 64 bits wide. Version 1 had 32-bit lengths and is not read.
/// (Source: ggml's `docs/gguf.md`; checked against files written by gguf-py 0.19.0.)
struct GGUFFile: Sendable {
  /// The file, or the first of several parts.
  let file: InputFile
  /// Where the tensors are: the file alone, or all parts.
  let files: [InputFile]
  /// 2 or 3.
  let version: Int
  let metadata: GGUFMetadata
  let tensors: [ListedTensor]

  static func isGGUF(_ file: InputFile) -> Bool { file.bytes(at: 0, count: 4) == magic }

  private static let magic = Array("GGUF".utf8)

  init(_ file: InputFile) throws(FileError) {
    guard Self.isGGUF(file) else {
      throw FileError(file.path, nil, .malformed(reason: "does not begin with \"GGUF\""))
    }
    self.file = file
    files = [file]
    var cursor = GGUFCursor(file)
    _ = try cursor.integer(UInt32.self, of: "the header")
    version = try Self.version(&cursor)
    let tensorCount = try cursor.count(of: "tensors", minimumSize: GGUFTensorEntry.minimumSize)
    metadata = try Self.metadata(&cursor)

    var entries: [GGUFTensorEntry] = []
    var names: Set<String> = []
    for _ in 0..<tensorCount {
      let entry = try GGUFTensorEntry(from: &cursor)
      let name = entry.tensor.name
      guard names.insert(name).inserted else {
        throw cursor.error("the tensor \(name)", .duplicate)
      }
      entries.append(entry)
    }
    let alignment = try metadata.alignment()
    let dataStart = Self.dataStart(after: cursor.offset, alignment: alignment, file: file)
    tensors = try entries.map { entry throws(FileError) in
      try entry.placed(dataStart: dataStart, alignment: alignment)
    }
    try Self.checkOverlap(of: tensors, path: file.path)
  }

  /// A file in several parts: the first with the tensors of all.
  init(_ first: GGUFFile, parts: [GGUFFile]) {
    file = first.file
    files = [first.file] + parts.map(\.file)
    version = first.version
    metadata = first.metadata
    tensors = first.tensors + parts.flatMap(\.tensors)
  }

  private static func version(_ cursor: inout GGUFCursor) throws(FileError) -> Int {
    let version = try cursor.integer(UInt32.self, of: "the header")
    switch version {
    case 2, 3: return Int(version)
    // A small number with its bytes the other way round.
    case let other where other & 0xFFFF == 0 && other != 0:
      throw cursor.error(
        "the byte order", .unsupported(found: "big-endian", supported: "little-endian"))
    default:
      throw cursor.error(
        "the version of GGUF", .unsupported(found: "\(version)", supported: "2 and 3"))
    }
  }

  private static func metadata(_ cursor: inout GGUFCursor) throws(FileError) -> GGUFMetadata {
    // The fewest bytes of an entry: key length, type, a value of one byte.
    let count = try cursor.count(of: "metadata entries", minimumSize: 8 + 4 + 1)
    var values: [String: GGUFValue] = [:]
    for _ in 0..<count {
      let key = try cursor.text(of: "a metadata key")
      let value = try cursor.value(of: key)
      guard values.updateValue(value, forKey: key) == nil else {
        throw cursor.error("the key \(key)", .duplicate)
      }
    }
    return GGUFMetadata(path: cursor.file.path, values: values)
  }

  /// The next multiple of the alignment; a file without tensor data may end before it.
  private static func dataStart(after offset: Int, alignment: Int, file: InputFile) -> Int {
    let remainder = offset % alignment
    let padding = remainder == 0 ? 0 : alignment - remainder
    return file.range(at: offset, count: padding)?.upperBound ?? file.count
  }

  private static func checkOverlap(
    of tensors: [ListedTensor], path: String
  ) throws(FileError) {
    let inOrder = tensors.filter { !$0.byteRange.isEmpty }
      .sorted { $0.byteRange.lowerBound < $1.byteRange.lowerBound }
    for (first, second) in zip(inOrder, inOrder.dropFirst())
    where first.byteRange.upperBound > second.byteRange.lowerBound {
      throw FileError(
        path, "the tensor \(second.name)", .malformed(reason: "overlaps the tensor \(first.name)"))
    }
  }
}
