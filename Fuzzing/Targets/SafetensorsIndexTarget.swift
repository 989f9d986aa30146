import Foundation
import Tensor

@testable import Llama

/// The index of a model in several files: beside it are two, of one tensor each.
enum SafetensorsIndexTarget {
  private static let index = FileInMemory()
  private static let shards = ["a.safetensors": FileInMemory(), "b.safetensors": FileInMemory()]
  private static let folder: String = {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appendingPathComponent("fuzz-index-\(getpid())").path
    do {
      try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try files.createSymbolicLink(
        atPath: folder + "/model.safetensors.index.json", withDestinationPath: index.path)
      for (name, shard) in shards {
        let header = #"{"\#(name.prefix(1))":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
        shard.write([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + header.utf8 + [0, 0, 0, 0])
        try files.createSymbolicLink(atPath: folder + "/\(name)", withDestinationPath: shard.path)
      }
    } catch {
      preconditionFailure("\(error)")
    }
    removeAtExit(folder)
    return folder
  }()
  nonisolated(unsafe) private static var leftovers: [String] = []

  private static func removeAtExit(_ folder: String) {
    leftovers.append(folder)
    atexit {
      for folder in SafetensorsIndexTarget.leftovers {
        try? FileManager.default.removeItem(atPath: folder)
      }
    }
  }

  static func read(_ input: [UInt8]) throws {
    let folder = HuggingFaceFolder(path: folder)
    index.write(input)
    let weights = try SafetensorsWeights(folder: folder)
    precondition((1...2).contains(weights.files.count) || weights.files.isEmpty)
  }
}
