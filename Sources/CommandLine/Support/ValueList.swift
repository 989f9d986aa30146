import ArgumentParser

/// A value of a list with commas between.
protocol ListValue: Hashable {
  init?(element: Substring)
  /// As the list spells it.
  var element: String { get }
  /// What completion and help offer; nil for numbers.
  static var elements: [String] { get }
}

/// Values with commas between, such as "1,2,4" or "tree,separate"; each once, in the order given.
struct ValueList<Value: ListValue>: ExpressibleByArgument {
  let values: [Value]

  init(_ values: [Value]) {
    var known: Set<Value> = []
    self.values = values.filter { known.insert($0).inserted }
  }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Value(element: $0) }
    guard values.count == parts.count else { return nil }
    self.init(values)
  }

  static var allValueStrings: [String] { Value.elements }

  var defaultValueDescription: String { values.map(\.element).joined(separator: ",") }
}

extension Int: ListValue {
  init?(element: Substring) { self.init(element, radix: 10) }
  var element: String { String(self) }
  static var elements: [String] { [] }
}

/// The size of the passes that read a prompt: a number of tokens, or `whole`.
struct PrefillChunk: ListValue {
  /// Nil for all of the prompt.
  let tokens: Int?

  init(_ tokens: Int?) { self.tokens = tokens }

  init?(element: Substring) {
    if element == "whole" {
      tokens = nil
    } else if let count = Int(element), count > 0 {
      tokens = count
    } else {
      return nil
    }
  }

  var element: String { tokens.map(String.init) ?? "whole" }
  static var elements: [String] { [] }
}

extension ListValue where Self: RawRepresentable<String> & CaseIterable {
  init?(element: Substring) { self.init(rawValue: String(element)) }
  var element: String { rawValue }
  static var elements: [String] { allCases.map(\.rawValue) }
}

extension ValueList: Sendable where Value: Sendable {}
