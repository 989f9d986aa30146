/// Why a trace is not written; where the system refuses, that is an `OutputFileError`. Each description is one sentence.
public enum TraceError: Error, Equatable, Sendable, CustomStringConvertible {
  case exists(path: String)
  case notATrace(path: String)
  case noSuchBlock(Int, layerCount: Int)

  public var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; trace and forward replace a trace with --force."
    case .notATrace(let path):
      "\(path) is neither a trace nor an empty folder, so it is not replaced."
    case .noSuchBlock(let block, let layerCount):
      "Attention weights were requested of block \(block), but the model has the blocks 1 to "
        + "\(layerCount)."
    }
  }
}
