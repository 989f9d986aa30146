import ArgumentParser
import Foundation
import Llama

/// Token ids written as `1,2,3`; spaces around the numbers and brackets around the whole, as in
/// JSON, do no harm.
struct TokenIDList: ExpressibleByArgument, Equatable {
  let ids: [TokenID]

  init(_ ids: [TokenID]) { self.ids = ids }

  init?(argument: String) {
    var text = argument.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.hasPrefix("["), text.hasSuffix("]"), text.count >= 2 {
      text = text.dropFirst().dropLast().trimmingCharacters(in: .whitespacesAndNewlines)
    }
    if text.isEmpty {
      ids = []
      return
    }
    var ids: [TokenID] = []
    for number in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let id = Int(number.trimmingCharacters(in: .whitespacesAndNewlines)) else { return nil }
      ids.append(id)
    }
    self.ids = ids
  }

  var description: String { ids.map(String.init).joined(separator: ",") }
}
