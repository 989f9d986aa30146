import Llama

extension JSONNode {
  /// The elements of a list, each made when it is asked for: all nodes of a long list together take
  /// ten times as much memory as its text.
  func lazyElements() throws(TokenizerError) -> LazyMapCollection<Range<Int>, JSONNode> {
    guard case .array(let values) = value else { throw wrongType("an array") }
    return values.indices.lazy.map { [path, field] index in
      JSONNode(value: values[index], path: path, field: "\(field)[\(index)]")
    }
  }
}
