import Files
import Foundation
import Llama

/// What a program recorded of its forward passes, opened to be compared with another program's.
///
/// The kind is told by the content; what was not recorded is nil. Tensors stay in their files and are
/// read row by row, so a recording may be larger than memory.
public struct Recording: Sendable {
  public let path: String
  public let kind: RecordingKind
  public private(set) var prompt: [TokenID]?
  /// The generated tokens.
  public private(set) var tokens: [TokenID]?
  /// Blocks of the model.
  public private(set) var layerCount: Int?
  /// What the numbers were computed with.
  public private(set) var arithmetic: TraceHeader.Arithmetic?
  /// Whether it is known that the model's weights are quantised.
  public private(set) var hasQuantisedWeights = false
  public let passes: [RecordedPass]

  /// Opens a file or a folder.
  /// - Parameters:
  ///   - path: the file or folder.
  ///   - tokenizer: for JSON that names tokens by their text; the model's.
  /// - Throws: `InputFileError` if it cannot be opened, `FileError` if its content is invalid.
  public static func open(_ path: String, tokenizer: Tokenizer? = nil) throws -> Recording {
    let file: InputFile
    do throws(InputFileError) {
      file = try InputFile(path: path)
    } catch .isDirectory {
      return try trace(folder: path)
    }
    return try read(file, tokenizer: tokenizer)
  }

  private static func trace(folder: String) throws -> Recording {
    let (document, path, _) = try TraceDocument.read(folder: folder)
    let start = path.dropLast(Trace.fileName.count)
    return Recording(
      path: folder, kind: .trace, prompt: document.prompt, tokens: document.tokens,
      layerCount: document.layerCount, arithmetic: document.knownArithmetic,
      hasQuantisedWeights: document.hasQuantisedWeights,
      passes: document.passes.enumerated().map { index, pass in
        RecordedPass(index: index, facts: pass, content: .file(path: start + (pass.file ?? "")))
      })
  }

  private static func read(_ file: InputFile, tokenizer: Tokenizer?) throws -> Recording {
    let start = file.bytes(at: 0, count: min(file.count, 16)) ?? []
    if start.starts(with: NumPyArray.magic) { return try numPy(file) }
    if start.starts(with: LlamaCppLogits.magic) { return try llamaCpp(file) }
    // The header of a safetensors file is an object, behind its length.
    if start.count > 8, start[8] == UInt8(ascii: "{"), start[6] == 0, start[7] == 0 {
      return single(file, .safetensors, try SafetensorsTensors.read(file))
    }
    if start.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
      let (document, _) = try json(file)
      let location = URL(fileURLWithPath: file.path)
      if location.lastPathComponent == Trace.fileName,
        try document.optional("format")?.value == .string(Array(TraceHeader.formatName.utf8))
      {
        return try trace(folder: location.deletingLastPathComponent().path)
      }
      return try completion(file, document, tokenizer)
    }
    throw FileError(
      file.path, nil,
      .unsupported(
        found: "of an unknown kind",
        supported: "the folder of a trace, safetensors, NumPy's .npy, the file that llama.cpp's "
          + "perplexity tool writes for --save-all-logits, and JSON with the logprobs of OpenAI's "
          + "completions"))
  }

  /// One pass, whose tensors are in a file.
  private static func single(
    _ file: InputFile, _ kind: RecordingKind, _ tensors: [RecordedTensor], tokens: [TokenID]? = nil
  ) -> Recording {
    Recording(
      path: file.path, kind: kind, tokens: tokens,
      passes: [RecordedPass(index: 0, content: .tensors(tensors))])
  }

  private static func numPy(_ file: InputFile) throws -> Recording {
    let array = try NumPyArray(file)
    let tensor = try RecordedTensor(
      name: NumPyArray.tensorName(path: file.path), shape: array.shape, number: array.number,
      file: file, byteRange: array.byteRange)
    return single(file, .numPy, [tensor])
  }

  /// Each chunk is a pass over its tokens.
  private static func llamaCpp(_ file: InputFile) throws -> Recording {
    let logits = try LlamaCppLogits(file)
    let passes = (0..<logits.chunkCount).map { chunk in
      let tensor = RecordedTensor(
        name: TensorName.logits.spelling, rowCount: logits.rowsPerChunk,
        columnCount: logits.vocabularySize, number: .f32, storage: .chunk(logits, index: chunk))
      var pass = RecordedPass(index: chunk, content: .tensors([tensor]))
      pass.facts.cachedCount = 0
      pass.facts.rows = logits.tokens(ofChunk: chunk).enumerated().map {
        TraceRow(token: $0.element, position: $0.offset)
      }
      pass.facts.logitRows = Array(logits.firstRow..<(logits.firstRow + logits.rowsPerChunk))
      return pass
    }
    return Recording(path: file.path, kind: .llamaCpp, passes: passes)
  }

  private static func completion(
    _ file: InputFile, _ document: JSONNode, _ tokenizer: Tokenizer?
  ) throws -> Recording {
    let completion = try Completion(document, texts: tokenizer.map(TokenTexts.init))
    let tensor = RecordedTensor(
      name: TensorName.logits.spelling, rowCount: completion.rows.count, columnCount: nil,
      number: .f32, storage: .listed(completion.rows))
    return single(file, .completion, [tensor], tokens: completion.tokens)
  }

  /// A JSON document of limited size, parsed, and its text.
  static func json(_ file: InputFile) throws -> (document: JSONNode, bytes: [UInt8]) {
    try RecordingLimit.documentBytes.check(file.count, "bytes of JSON", path: file.path)
    let bytes = file.bytes(at: 0, count: file.count) ?? []
    try file.checkUnchanged()
    return (try JSONParser.parse(bytes, path: file.path), bytes)
  }
}

/// The kinds of files and folders that can be compared.
public enum RecordingKind: String, Encodable, Sendable, CaseIterable {
  /// The folder that `lookahead trace` writes.
  case trace
  /// One safetensors file: tensors of one pass, by name.
  case safetensors
  /// One array, as NumPy's `save` writes it.
  case numPy = "npy"
  /// What llama.cpp's perplexity tool writes for `--save-all-logits`.
  case llamaCpp = "llama.cpp"
  /// JSON with log-probabilities as in answers of OpenAI's completions.
  case completion = "logprobs"

  /// With its article, for a sentence.
  public var words: String {
    switch self {
    case .trace: "a trace"
    case .safetensors: "a safetensors file"
    case .numPy: "a NumPy array"
    case .llamaCpp: "a file of logits of llama.cpp's perplexity tool"
    case .completion: "JSON with the logprobs of a completion"
    }
  }
}
