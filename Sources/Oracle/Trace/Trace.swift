import Foundation
import Llama
import Lookahead

/// A trace: what was run, pass by pass. The tensors stay in their files, one for each pass.
public struct Trace: Encodable, Equatable, Sendable {
  public var header: TraceHeader
  public var passes: [TracePass]
  /// The generated tokens.
  public var tokens: [TokenID]
  /// Why the text ended; nil after a single pass.
  public var finishReason: FinishReason?

  /// The file in a trace's folder that describes the others.
  public static let fileName = "trace.json"

  /// Reads the `trace.json` of a folder, with all fields that this program writes; the files with the
  /// tensors are not opened.
  /// - Throws: `InputFileError` if it cannot be opened, `FileError` if it is not a trace.
  public init(folder: String) throws {
    let (document, path, json) = try TraceDocument.read(folder: folder)
    header = try TraceDocument.decode(TraceHeader.self, from: json, path: path)
    (passes, finishReason) = (document.passes, document.finishReason)
    tokens = document.tokens ?? []
  }

  private enum CodingKeys: String, CodingKey {
    case passes, tokens, finishReason
  }

  /// Writes the fields of the header and those of the trace into one object.
  public func encode(to encoder: any Encoder) throws {
    try header.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(passes, forKey: .passes)
    try fields.encode(tokens, forKey: .tokens)
    try fields.encodeIfPresent(finishReason, forKey: .finishReason)
  }
}
