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
      let name = weight.huggingFace
      result[name] = try StoredTensor(tensor, as: name, rowOrder(weight))
    }
    if let unknown = unused.keys.filter({ !isIgnored($0) }).min() {
      throw FileError(
        path, "the tensor \(unknown)",
        .malformed(reason: "is not one of a LLaMA of this configuration"))
    }
    return result
  }
}
