import Files
import Tensor

/// A tensor that a model file lists.
package struct ListedTensor: Sendable {
  /// The name in the file.
  package let name: String
  /// Sizes with the slowest-running dimension first.
  package let shape: [Int]
  /// The element type as the file calls it, such as `BF16`.
  package let elementType: String
  /// The format of that name; nil if it cannot be decoded.
  let format: ElementFormat?
  let file: InputFile
  /// Where in the file the elements are, as many as shape and format need.
  package internal(set) var byteRange: Range<Int>

  /// An error about this tensor's shape unless it is as expected.
  func check(shape expected: [Int]) throws(FileError) {
    guard shape == expected else {
      throw FileError(
        file.path, "the shape of the tensor \(name)",
        .invalid(expected: "\(expected)", found: "\(shape)"))
    }
  }
}

extension LlamaConfiguration {
  /// The tensors that a model of this configuration needs, by Hugging Face name.
  ///
  /// - Parameters:
  ///   - listed: all tensors of the checkpoint.
  ///   - path: what lists them, for messages.
  ///   - place: where that has a weight, given the names of all tensors.
  ///   - rowOrder: the order in which that stores a weight's rows.
  ///   - isComputed: which other tensors hold what is computed here, by the name in the file.
  /// - Returns: the tensors, and the names of others, which nothing reads.
  /// - Throws: `FileError` if one is missing, has another shape or type, or if there are others in
  ///   the parts of the model that are computed, where they would change the result.
  func storedTensors(
    among listed: [ListedTensor], path: String,
    place: (WeightName, LlamaConfiguration, Set<String>) -> TensorPlace,
    rowOrder: (WeightName) -> RowOrder, isComputed: (String) -> Bool
  ) throws(FileError) -> (tensors: [String: StoredTensor], unread: [String]) {
    let byName = Dictionary(listed.map { ($0.name, $0) }) { $1 }
    let names = Set(byName.keys)
    var unread = names
    var result: [String: StoredTensor] = [:]
    for weight in WeightName.all(in: self) {
      let place = place(weight, self, names)
      guard let tensor = byName[place.name] else {
        throw FileError(path, "the tensor \(place.name)", .missing)
      }
      unread.remove(place.name)
      let shape = weight.shape(in: self)
      try tensor.check(shape: [place.rowCount] + shape.dropFirst())
      let name = weight.huggingFace(in: self)
      result[name] = try StoredTensor(
        tensor, as: name, rowOrder(weight), rows: place.firstRow..<place.firstRow + shape[0])
    }
    let others = unread.filter { !isComputed($0) }
    if let unknown = others.filter(isWithinModel).min() {
      throw FileError(
        path, "the tensor \(unknown)",
        .malformed(reason: "is not one of a \(variant.family.name) model of this configuration"))
    }
    return (result, others.sorted())
  }

  /// Whether a tensor of this name belongs to what is computed: a block, the embedding, the last norm
  /// or the output head.
  private func isWithinModel(_ name: String) -> Bool {
    for prefix in ["model.layers.", "blk."] where name.hasPrefix(prefix) {
      let number = name.dropFirst(prefix.count).prefix { $0 != "." }
      return Int(number).map { $0 < layerCount } ?? true
    }
    return ["model.embed_tokens.", "model.norm.", "lm_head.", "token_embd.", "output"]
      .contains { name.hasPrefix($0) }
  }
}
