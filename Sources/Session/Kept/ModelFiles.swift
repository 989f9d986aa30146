import Files
import Foundation
import Llama

/// The files of a model as they are now, by what the file system says of them.
struct ModelFiles: Codable, Equatable {
  let path: String
  let bytes: Int
  /// The last change, in seconds since 1970.
  let changed: Double

  init(path: String, bytes: Int, changed: Double) {
    (self.path, self.bytes, self.changed) = (path, bytes, changed)
  }

  init(_ checkpoint: Checkpoint) {
    path = URL(fileURLWithPath: checkpoint.path).resolvingSymlinksInPath().path
    bytes = checkpoint.files.reduce(0) { $0 + $1.count }
    changed = checkpoint.files.map(\.modified).max() ?? 0
  }
}

extension Encodable {
  /// The SHA-256 of its JSON; equal values have equal ones.
  var sha256: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return SHA256.digest(of: Array(try encoder.encode(self)))
    }
  }
}
