import Llama

/// Why nothing can be measured. Each description is one sentence.
enum BenchError: Error, Equatable, CustomStringConvertible {
  /// Cached tokens and rows that the model's context does not hold.
  case contextTooShort(cached: Int, rows: Int, contextLength: Int)
  case promptRefused(id: String, reason: String)
  case sweepTooLarge(megabytes: Int, available: AvailableMemory)
  case cannotWrite(path: String, reason: String)

  var description: String {
    switch self {
    case .contextTooShort(let cached, let rows, let contextLength):
      "A pass of \(rows.counted("row")) behind \(cached.counted("cached token")) was asked for, but "
        + "the model was made for \(contextLength.counted("token"))."
    case .promptRefused(let id, let reason):
      "The prompt \(id.onOneLine) cannot be used: \(reason.withoutPeriod)."
    case .sweepTooLarge(let megabytes, let available):
      "The sweep needs \(megabytes) MB of memory, but \(available.limit.rawValue) "
        + "\(available.bytes >> 20) MB."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason)."
    }
  }
}

extension String {
  var withoutPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
