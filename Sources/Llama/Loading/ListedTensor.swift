import Files
import Tensor

/// A tensor that a model file lists.
struct ListedTensor {
  /// The name in the file.
  let name: String
  /// Sizes with the slowest-running dimension first.
  let shape: [Int]
  /// The element type as the file calls it, and the format of that name if it can be decoded.
  let type: String
  let format: ElementFormat?
  let file: InputFile
  /// Where in the file the elements are, as many as shape and format need.
  let byteRange: Range<Int>

  /// An error about this tensor's shape unless it is as expected.
  func check(shape expected: [Int]) throws(FileError) {
    guard shape == expected else {
      throw FileError(
        file.path, "the shape of the tensor \(name)",
        .invalid(expected: "\(expected)", found: "\(shape)"))
    }
  }

  /// The tensor, to be decoded.
  /// - Parameter huggingFaceName: by which the rest of the program knows it.
  func stored(as huggingFaceName: String, _ rowOrder: RowOrder) throws(FileError) -> StoredTensor {
    guard let format else {
      throw FileError(
        file.path, "the type of the tensor \(name)",
        .unsupported(found: type, supported: "F32, F16 and BF16"))
    }
    return StoredTensor(
      name: huggingFaceName, storedName: name, shape: shape, format: format, file: file,
      byteRange: byteRange, rowOrder: rowOrder)
  }
}

extension LlamaConfiguration {
  /// The tensors that a model of this configuration needs, by Hugging Face name.
  ///
  /// - Parameters:
  ///   - listed: all tensors of the checkpoint.
  ///   - path: what lists them, for messages.
  ///   - name: how that calls a weight.
  ///   - rowOrder: the order in which that stores a weight's rows.
  ///   - isIgnored: which other tensors may be there, by the name in the file.
  /// - Throws: `FileError` if one is missing, has another shape or type, or if there are others.
  func storedTensors(
    among listed: [ListedTensor], path: String, name: (WeightName) -> String,
    rowOrder: (WeightName) -> RowOrder, isIgnored: (String) -> Bool
  ) throws(FileError) -> [String: StoredTensor] {
    var unused = Dictionary(listed.map { ($0.name, $0) }) { $1 }
    var result: [String: StoredTensor] = [:]
    for weight in WeightName.all(in: self) {
      guard let tensor = unused.removeValue(forKey: name(weight)) else {
        throw FileError(path, "the tensor \(name(weight))", .missing)
      }
      try tensor.check(shape: weight.shape(in: self))
      result[weight.huggingFace] = try tensor.stored(as: weight.huggingFace, rowOrder(weight))
    }
    if let unknown = unused.keys.filter({ !isIgnored($0) }).min() {
      throw FileError(
        path, "the tensor \(unknown)",
        .malformed(reason: "is not one of a LLaMA of this configuration"))
    }
    return result
  }
}
