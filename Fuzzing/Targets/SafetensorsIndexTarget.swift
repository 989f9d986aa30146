@testable import Llama

/// The index of a model in several files: beside it are two, of one tensor each.
enum SafetensorsIndexTarget {
  private static let index = FileInMemory()
  private static let folder: FolderInMemory = {
    var files = ["model.safetensors.index.json": index]
    for name in ["a", "b"] {
      let header = #"{"\#(name)":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
      let shard = FileInMemory()
      shard.write([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + header.utf8 + [0, 0, 0, 0])
      files["\(name).safetensors"] = shard
    }
    return FolderInMemory(files)
  }()

  static func read(_ input: [UInt8]) throws {
    index.write(input)
    let weights = try SafetensorsWeights(folder: HuggingFaceFolder(path: folder.path))
    precondition((1...2).contains(weights.files.count) || weights.files.isEmpty)
  }
}
