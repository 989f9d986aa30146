/// Why a trace can be neither written nor read. Each description is one sentence.
public enum TraceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Something has the trace's name already.
  case exists(path: String)
  /// What has the trace's name and was to be replaced is no trace.
  case notATrace(path: String)
  /// The system refused, for the reason it gave.
  case cannotWrite(path: String, reason: String)
  /// Attention weights were asked for of a block that the model does not have.
  case noSuchBlock(Int, layerCount: Int)
  /// A file that is not a trace, for a reason that completes the sentence.
  case invalid(path: String, reason: String)
  /// A trace of another version of the format.
  case unknownSchema(path: String, found: Int)

  public var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already, and is only replaced if that is asked for."
    case .notATrace(let path):
      "\(path) is neither a trace nor an empty folder, so it is not replaced."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason)."
    case .noSuchBlock(let block, let layerCount):
      "Attention weights were asked for of block \(block), but the model has the blocks 1 to "
        + "\(layerCount)."
    case .invalid(let path, let reason):
      "\(path) is not a trace: \(reason)."
    case .unknownSchema(let path, let found):
      "\(path) has version \(found) of the trace format, but this program reads version "
        + "\(TraceHeader.schemaVersion)."
    }
  }
}
