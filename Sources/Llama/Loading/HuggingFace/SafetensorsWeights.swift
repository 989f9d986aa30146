import Files

/// The tensors of a Hugging Face folder, in one safetensors file or in several "shards" with an
/// index.
struct SafetensorsWeights {
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
    } else if let index = try folder.json(Self.indexName) {
      path = index.path
      files = try Self.shards(of: index, folder: folder)
    } else {
      throw FileError(folder.path, "\(Self.singleName) or \(Self.indexName)", .missing)
    }
  }

  /// - Parameter index: its member `weight_map` has the name of a shard for each name of a tensor.
  private static func shards(
    of index: JSONNode, folder: HuggingFaceFolder
  ) throws -> [SafetensorsFile] {
    var tensors: [String: Set<String>] = [:]
    let map = try index.required("weight_map")
    for member in try map.members() {
      let tensor = String(decoding: member.key, as: UTF8.self)
      tensors[try map.child(tensor, member.value).string(), default: []].insert(tensor)
    }
    func fault(_ tensor: String, _ reason: String) -> FileError {
      FileError(index.path, "the tensor \(tensor)", .malformed(reason: reason))
    }
    return try tensors.sorted { $0.key < $1.key }.map { shard, indexed in
      guard isPlainName(shard) else {
        throw FileError(
          index.path, "the shard \(shard)",
          .malformed(reason: "is not the plain name of a file beside the index"))
      }
      guard let opened = try folder.opened(shard) else {
        throw FileError(index.path, "the shard \(shard)", .missing)
      }
      let file = try SafetensorsFile(opened)
      let names = Set(file.tensors.map(\.name))
      if let tensor = indexed.subtracting(names).min() {
        throw fault(tensor, "is not in \(shard), where the index places it")
      }
      if let tensor = names.subtracting(indexed).min() {
        throw fault(tensor, "is in \(shard), where the index does not place it")
      }
      return file
    }
  }

  /// Whether a file beside the index can be called so, in a message of the system too.
  private static func isPlainName(_ name: String) -> Bool {
    1...255 ~= name.utf8.count && name != "." && name != ".." && !name.contains("/")
      && !name.unicodeScalars.contains(where: \.steersTerminal)
  }

  /// The tensors that the configuration needs, by name, and the names of those that nothing reads.
  func storedTensors(
    _ configuration: LlamaConfiguration
  ) throws(FileError) -> (tensors: [String: StoredTensor], unread: [String]) {
    try configuration.storedTensors(
      among: files.flatMap(\.tensors), path: path, place: TensorPlace.huggingFace,
      rowOrder: { _ in .asStored },
      isComputed: {
        $0.hasSuffix("rotary_emb.inv_freq")
          || configuration.tiesEmbeddings
            && $0 == WeightName.outputHead.huggingFace(in: configuration)
      })
  }

  /// Whether there is an output head whose bytes are not those of the embedding: it serves as one then,
  /// even if config.json says that the embedding does (as in transformers 5).
  func hasOwnOutputHead(_ configuration: LlamaConfiguration) -> Bool {
    let tensors = files.flatMap(\.tensors)
    func tensor(_ name: WeightName) -> ListedTensor? {
      tensors.first { $0.name == name.huggingFace(in: configuration) }
    }
    guard let head = tensor(.outputHead) else { return false }
    guard let embedding = tensor(.embedding), head.elementType == embedding.elementType,
      head.shape == embedding.shape, head.byteRange.count == embedding.byteRange.count
    else { return true }
    let (first, second) = (head.byteRange.lowerBound, embedding.byteRange.lowerBound)
    let size = 1 << 20
    for offset in stride(from: 0, to: head.byteRange.count, by: size) {
      let count = min(size, head.byteRange.count - offset)
      if head.file.bytes(at: first + offset, count: count)
        != embedding.file.bytes(at: second + offset, count: count)
      {
        return true
      }
    }
    return false
  }
}
