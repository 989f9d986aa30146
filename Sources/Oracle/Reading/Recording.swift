import Files
import Foundation
import Llama
import Tensor

/// What a program recorded of its forward passes, opened to be compared with another program's.
///
/// The kind is told by the content. Tensors stay in their files and are read row by row, so a
/// recording may be larger than memory.
public struct Recording: Sendable {
  /// The file or folder.
  public let path: String
  /// What it is.
  public let kind: RecordingKind
  /// The prompt's tokens, where they were recorded.
  public let prompt: [TokenID]?
  /// The tokens that the passes settled, where they were recorded.
  public let tokens: [TokenID]?
  /// Blocks of the model, where that was recorded.
  public let layerCount: Int?
  /// The passes, in order; a file without passes is one.
  public let passes: [RecordedPass]

  /// Opens a file or a folder.
  /// - Parameters:
  ///   - path: the file or folder.
  ///   - tokenizer: for JSON that names tokens by their text; the model's.
  /// - Throws: `InputFileError` if it cannot be opened, `SafetensorsError` or `RecordingError` if
  ///   its content is not what it should be.
  public static func open(_ path: String, tokenizer: Tokenizer? = nil) throws -> Recording {
    let file: InputFile
    do throws(InputFileError) {
      file = try InputFile(path: path)
    } catch .isDirectory {
      let trace = try RecordedTrace(folder: path)
      return Recording(
        path: path, kind: .trace, prompt: trace.prompt, tokens: trace.tokens,
        layerCount: trace.layerCount, passes: trace.passes)
    }
    return try read(file, tokenizer: tokenizer)
  }

  private static func read(_ file: InputFile, tokenizer: Tokenizer?) throws -> Recording {
    let start = file.bytes(at: 0, count: min(file.count, 16)) ?? []
    if start.starts(with: NumPyArray.magic) { return try numPy(file) }
    if start.starts(with: LlamaCppLogits.magic) { return try llamaCpp(file) }
    // The header of a safetensors file is an object, behind its length.
    if start.count > 8, start[8] == UInt8(ascii: "{"), start[6] == 0, start[7] == 0 {
      let pass = RecordedPass(index: 0, content: .tensors(try SafetensorsTensors.read(file)))
      return Recording(file, .safetensors, passes: [pass])
    }
    if let first = start.first(where: { !" \t\r\n".utf8.contains($0) }), first == UInt8(ascii: "{")
    {
      let document = try json(file, kind: .completion)
      let location = URL(fileURLWithPath: file.path)
      if location.lastPathComponent == RecordedTrace.documentName, try isTrace(document) {
        return try open(location.deletingLastPathComponent().path)
      }
      return try completion(file, document, tokenizer)
    }
    throw RecordingError.unknownKind(path: file.path)
  }

  /// Whether a JSON document is `trace.json`, so that its folder is meant.
  private static func isTrace(_ document: JSONNode) throws(RecordingError) -> Bool {
    try RecordingError.reading(.completion) { () throws(FileError) in
      try document.optional("format")?.value == .string(Array("lookahead-trace".utf8))
    }
  }

  private static func numPy(_ file: InputFile) throws -> Recording {
    let array = try NumPyArray(file)
    let tensor = try RecordedTensor(
      name: NumPyArray.tensorName(path: file.path), shape: array.shape, number: array.number,
      file: file, byteRange: array.byteRange)
    return Recording(file, .numPy, passes: [RecordedPass(index: 0, content: .tensors([tensor]))])
  }

  /// Each chunk is a pass over its tokens.
  private static func llamaCpp(_ file: InputFile) throws -> Recording {
    let logits = try LlamaCppLogits(file)
    let passes = (0..<logits.chunkCount).map { chunk in
      let tensor = RecordedTensor(
        name: TensorName.logits.spelling, rowCount: logits.rowsPerChunk,
        columnCount: logits.vocabularySize, number: .f32, storage: .chunk(logits, index: chunk))
      var pass = RecordedPass(index: chunk, cachedCount: 0, content: .tensors([tensor]))
      pass.rows = logits.tokens(ofChunk: chunk).enumerated().map {
        RecordedPass.Row(token: $0.element, position: $0.offset)
      }
      pass.logitRows = Array(logits.firstRow..<(logits.firstRow + logits.rowsPerChunk))
      return pass
    }
    return Recording(file, .llamaCpp, passes: passes)
  }

  private static func completion(
    _ file: InputFile, _ document: JSONNode, _ tokenizer: Tokenizer?
  ) throws -> Recording {
    let completion = try Completion(document, texts: tokenizer.map(TokenTexts.init))
    let tensor = RecordedTensor(
      name: TensorName.logits.spelling, rowCount: completion.rows.count, columnCount: nil,
      number: .f32, storage: .listed(completion.rows))
    return Recording(
      file, .completion, tokens: completion.tokens,
      passes: [RecordedPass(index: 0, content: .tensors([tensor]))])
  }

  /// A JSON document, in memory.
  static func json(_ file: InputFile, kind: RecordingKind) throws -> JSONNode {
    let limit = RecordingLimits.documentBytes
    guard file.count <= limit else {
      throw RecordingError.tooLarge(path: file.path, size: file.count, limit: limit)
    }
    let bytes = file.bytes(at: 0, count: file.count) ?? []
    try file.checkUnchanged()
    return try RecordingError.reading(kind) { () throws(FileError) in
      try JSONParser.parse(bytes, path: file.path)
    }
  }

  private init(
    _ file: InputFile, _ kind: RecordingKind, tokens: [TokenID]? = nil, passes: [RecordedPass]
  ) {
    self.init(
      path: file.path, kind: kind, prompt: nil, tokens: tokens, layerCount: nil, passes: passes)
  }

  private init(
    path: String, kind: RecordingKind, prompt: [TokenID]?, tokens: [TokenID]?, layerCount: Int?,
    passes: [RecordedPass]
  ) {
    (self.path, self.kind, self.passes) = (path, kind, passes)
    (self.prompt, self.tokens, self.layerCount) = (prompt, tokens, layerCount)
  }
}
