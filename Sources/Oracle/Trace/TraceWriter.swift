import Files
import Foundation
import Llama
import Lookahead

/// Writes a trace, pass by pass.
///
/// `trace.json` is one object, written as it grows: the header's fields, then one line for each pass,
/// then what is known at the end. Nothing in it depends on time, place, machine or threads: keys are
/// in alphabetical order, and numbers are the shortest that are read back as the same. A writer that
/// goes away unfinished removes what it has written.
public final class TraceWriter {
  private let folder: TraceFolder
  private let json: OutputFile
  private let encoder = JSONEncoder()
  private var tensorBytes = 0

  public private(set) var passes = 0

  /// Begins a trace.
  /// - Throws: `TraceError`, `OutputFileError`.
  public init(
    _ header: TraceHeader, to path: String, replacing: Bool = false
  ) throws {
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    folder = try TraceFolder(path, replacing: replacing)
    json = try OutputFile(creating: "\(folder.partialPath)/\(Trace.fileName)")
    // Without the brace that would end the object.
    try json.write(Array(try encoder.encode(header).dropLast()))
    try json.write(",\n\"passes\":[")
  }

  public var bytes: Int { tensorBytes + json.count }

  /// Writes a pass.
  /// - Precondition: it has the next index, and the name that belongs to it.
  /// - Throws: `OutputFileError`.
  public func append(_ pass: TracePass, tensors: [TraceTensor]) throws {
    let file = TracePass.file(ofPass: passes)
    precondition(pass.index == passes && pass.file == file, "pass \(passes) must be in \(file)")
    tensorBytes += try TensorFile.write(tensors, to: "\(folder.partialPath)/\(file)")
    try json.write(passes == 0 ? "\n" : ",\n")
    try json.write(Array(try encoder.encode(pass)))
    passes += 1
  }

  /// Ends the trace and gives the folder its name.
  /// - Parameters:
  ///   - tokens: the generated ones.
  ///   - finishReason: why the text ended; nil where there was no text.
  /// - Throws: `TraceError`, `OutputFileError`.
  public func finish(tokens: [TokenID], finishReason: FinishReason?) throws {
    let ending = Ending(finishReason: finishReason, tokens: tokens)
    try json.write("\n],\n")
    // Without the brace that would begin the object.
    try json.write(Array(try encoder.encode(ending).dropFirst()))
    try json.write("\n")
    try json.close()
    try folder.place()
  }

  /// The fields that are known at the end.
  private struct Ending: Encodable {
    let finishReason: FinishReason?
    let tokens: [TokenID]
  }
}
