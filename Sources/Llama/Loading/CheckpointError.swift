import Files

/// Why a path does not give a complete model.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path is neither a GGUF file nor a folder.
  case notAModel(path: String)
  /// A file that the folder needs is not in it.
  case missingFile(path: String, expected: String)
  /// A tensor that the configuration needs is not there.
  case missingTensor(path: String, tensor: String)
  /// A tensor has another shape than the configuration needs.
  case wrongShape(path: String, tensor: String, expected: [Int], found: [Int])
  /// A tensor that a LLaMA of this configuration does not have.
  case unknownTensor(path: String, tensor: String)
  /// A tensor's element type is not among those that can be decoded.
  case unsupportedElementType(path: String, tensor: String, found: String)
  /// The index of a sharded model puts a tensor in a file outside the folder.
  case shardOutsideFolder(path: String, shard: String)
  /// A file that the index of a sharded model names is not there.
  case missingShard(path: String, shard: String)
  /// A tensor is not in the shard that the index names.
  case tensorNotInShard(path: String, tensor: String, shard: String)
  /// A shard holds a tensor that the index does not place in it.
  case tensorNotInIndex(path: String, tensor: String, shard: String)
  /// A file that is read as a whole is larger than `limit` bytes.
  case fileTooLarge(path: String, size: Int, limit: Int)
  /// A file that should be text is not UTF-8.
  case notText(path: String)

  /// The error as one sentence.
  public var description: String { OneLine.of(sentence) }

  private var sentence: String {
    switch self {
    case .notAModel(let path):
      "\(path) is not a model: a GGUF file or a Hugging Face folder (config.json, tokenizer.json "
        + "and safetensors) was expected."
    case .missingFile(let path, let expected): "\(path) lacks \(expected)."
    case .missingTensor(let path, let tensor): "\(path) lacks the tensor \(tensor)."
    case .wrongShape(let path, let tensor, let expected, let found):
      "\(path) gives the tensor \(tensor) the shape \(found), where its configuration needs "
        + "\(expected)."
    case .unknownTensor(let path, let tensor):
      "\(path) has the tensor \(tensor), which a LLaMA of its configuration does not have."
    case .unsupportedElementType(let path, let tensor, let found):
      "\(path) stores the tensor \(tensor) as \(found), where F32, F16 or BF16 is needed."
    case .shardOutsideFolder(let path, let shard):
      "\(path) names the shard \(shard), which is not the plain name of a file beside it."
    case .missingShard(let path, let shard):
      "\(path) names the shard \(shard), which is not there."
    case .tensorNotInShard(let path, let tensor, let shard):
      "\(path) puts the tensor \(tensor) in the shard \(shard), which does not hold it."
    case .tensorNotInIndex(let path, let tensor, let shard):
      "\(path) does not put the tensor \(tensor) in the shard \(shard), which holds it."
    case .fileTooLarge(let path, let size, let limit):
      "\(path) has \(size) bytes, where \(limit) are read at the most."
    case .notText(let path): "\(path) is not UTF-8 text."
    }
  }
}
