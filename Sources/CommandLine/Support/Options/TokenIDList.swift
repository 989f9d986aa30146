import ArgumentParser
import Llama

/// Token ids written as `1,2,3`; spaces around the numbers and brackets around the whole, as in
/// JSON, do no harm.
struct TokenIDList: ExpressibleByArgument, Equatable {
  let ids: [TokenID]

  init(_ ids: [TokenID]) { self.ids = ids }

  init?(argument: String) {
    var text = argument[...].trimming(while: \.isWhitespace)
    if text.hasPrefix("["), text.hasSuffix("]"), text.count >= 2 {
      text = text.dropFirst().dropLast().trimming(while: \.isWhitespace)
    }
    if text.isEmpty {
      ids = []
      return
    }
    var ids: [TokenID] = []
    for number in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let id = Int(number.trimming(while: \.isWhitespace)) else { return nil }
      ids.append(id)
    }
    self.ids = ids
  }

  var description: String { ids.map(String.init).joined(separator: ",") }
}

extension Substring {
  fileprivate func trimming(while isSpace: (Character) -> Bool) -> Substring {
    var rest = self
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }
}
