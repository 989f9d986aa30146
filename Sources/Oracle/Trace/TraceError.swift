/// Why a trace cannot be written. Each description is one sentence.
public enum TraceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Something has the trace's name already.
  case exists(path: String)
  /// What was to be replaced is not a trace.
  case notATrace(path: String)
  /// The system refused, for the reason it gave.
  case cannotWrite(path: String, reason: String)
  /// Attention weights were requested of a block that the model does not have.
  case noSuchBlock(Int, layerCount: Int)

  public var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already, and is only replaced on request."
    case .notATrace(let path):
      "\(path) is neither a trace nor an empty folder, so it is not replaced."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason)."
    case .noSuchBlock(let block, let layerCount):
      "Attention weights were requested of block \(block), but the model has the blocks 1 to "
        + "\(layerCount)."
    }
  }
}
