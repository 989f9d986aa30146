import Files
import Llama

/// What was recorded of one forward pass.
public struct RecordedPass: Sendable {
  /// The number of the pass, from 0.
  public var index: Int
  /// What was recorded beside the tensors; an array alone has nothing.
  public var facts = TracePass()
  let content: Content

  enum Content: Sendable {
    /// In a safetensors file of their own.
    case file(path: String)
    /// In files that are open already.
    case tensors([RecordedTensor])
  }

  /// The row of the pass that each row of a tensor belongs to; nil where that is not known.
  func rows(of tensor: RecordedTensor) -> [Int]? {
    if tensor.kind == .logits, let logitRows = facts.logitRows, logitRows.count == tensor.rowCount {
      return logitRows
    }
    if let rows = facts.rows, rows.count == tensor.rowCount { return Array(rows.indices) }
    return nil
  }

  /// The tensors of the pass.
  /// - Throws: `InputFileError`, `FileError`.
  func tensors() throws -> [RecordedTensor] {
    switch content {
    case .tensors(let tensors): tensors
    case .file(let path): try SafetensorsTensors.read(InputFile(path: path))
    }
  }
}
