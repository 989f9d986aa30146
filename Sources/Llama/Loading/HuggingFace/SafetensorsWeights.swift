import Files
import Tensor

/// The tensors of a Hugging Face folder, in one safetensors file or in several "shards" with an
/// index.
struct SafetensorsWeights {
  /// The files that hold the tensors.
  let files: [SafetensorsFile]
  /// What messages name as the origin of the tensors: the single file, or the index.
  private let path: String

  private static let singleName = "model.safetensors"
  private static let indexName = "model.safetensors.index.json"

  /// Reads the headers of the folder's `model.safetensors`, or of all shards of its index.
  init(folder: HuggingFaceFolder) throws {
    if let single = try folder.opened(Self.singleName) {
      files = [try SafetensorsFile(single)]
      path = single.path
    } else if let index = try folder.decode(SafetensorsIndex.self, ifPresent: Self.indexName) {
      path = folder.file(Self.indexName)
      files = try Self.shards(of: index, path: path, folder: folder)
    } else {
      throw CheckpointError.missingFile(
        path: folder.path, expected: "\(Self.singleName) or \(Self.indexName)")
    }
  }

  private static func shards(
    of index: SafetensorsIndex, path: String, folder: HuggingFaceFolder
  ) throws -> [SafetensorsFile] {
    var files: [SafetensorsFile] = []
    for shard in Set(index.shards.values).sorted() {
      guard isPlainName(shard) else {
        throw CheckpointError.shardOutsideFolder(path: path, shard: shard)
      }
      guard let opened = try folder.opened(shard) else {
        throw CheckpointError.missingShard(path: path, shard: shard)
      }
      let file = try SafetensorsFile(opened)
      let names = Set(file.tensors.map(\.name))
      let indexed = Set(index.shards.filter { $0.value == shard }.keys)
      if let tensor = indexed.subtracting(names).min() {
        throw CheckpointError.tensorNotInShard(path: path, tensor: tensor, shard: shard)
      }
      if let tensor = names.subtracting(indexed).min() {
        throw CheckpointError.tensorNotInIndex(path: path, tensor: tensor, shard: shard)
      }
      files.append(file)
    }
    return files
  }

  /// Whether a file beside the index can be called so, in a message of the system too.
  private static func isPlainName(_ name: String) -> Bool {
    1...255 ~= name.utf8.count && name != "." && name != ".." && !name.contains("/")
      && !name.unicodeScalars.contains(where: \.steersTerminal)
  }
}

/// The index of a sharded model: which shard holds a tensor.
struct SafetensorsIndex: Decodable {
  /// File names by tensor names.
  let shards: [String: String]

  enum CodingKeys: String, CodingKey {
    case shards = "weight_map"
  }
}

// MARK: - Tensors

extension SafetensorsWeights {
  /// The tensors that the configuration needs, by name; there must be no others.
  func storedTensors(
    _ configuration: LlamaConfiguration
  ) throws(CheckpointError) -> [String: StoredTensor] {
    var entries: [String: (entry: SafetensorsFile.Entry, file: InputFile)] = [:]
    for file in files {
      for entry in file.tensors { entries[entry.name] = (entry, file.file) }
    }
    var unused = Set(entries.keys).filter { !Self.isIgnored($0, configuration) }
    var result: [String: StoredTensor] = [:]
    for weight in WeightName.all(in: configuration) {
      let name = weight.huggingFace
      guard let (entry, file) = entries[name] else {
        throw .missingTensor(path: path, tensor: name)
      }
      let shape = weight.shape(in: configuration)
      guard entry.shape == shape else {
        throw .wrongShape(path: file.path, tensor: name, expected: shape, found: entry.shape)
      }
      guard let format = Self.format(entry.elementType) else {
        throw .unsupportedElementType(path: file.path, tensor: name, found: entry.elementType)
      }
      unused.remove(name)
      result[name] = StoredTensor(
        name: name, storedName: name, shape: shape, format: format, file: file,
        byteRange: entry.byteRange, rowOrder: .asStored)
    }
    if let unknown = unused.min() { throw .unknownTensor(path: path, tensor: unknown) }
    return result
  }

  /// Whether a tensor may be there without being used: rotary frequencies, which are computed
  /// here, and an output head where the configuration says that the embedding is it.
  private static func isIgnored(_ name: String, _ configuration: LlamaConfiguration) -> Bool {
    name.hasSuffix("rotary_emb.inv_freq")
      || configuration.tiesEmbeddings && name == WeightName.outputHead.huggingFace
  }

  private static func format(_ elementType: String) -> ElementFormat? {
    switch elementType {
    case "F32": .f32
    case "F16": .f16
    case "BF16": .bf16
    default: nil
    }
  }
}
