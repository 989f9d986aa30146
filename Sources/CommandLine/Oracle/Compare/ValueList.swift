import ArgumentParser

/// Values with commas between, each once, in the order given.
struct ValueList<Value: Hashable & Sendable>: Sendable {
  let values: [Value]

  init(_ values: [Value]) {
    var known: Set<Value> = []
    self.values = values.filter { known.insert($0).inserted }
  }

  /// Reads values; nothing where there is none, or one is none.
  init?(_ text: String, _ value: (Substring) -> Value?) {
    var values: [Value] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = value(part) else { return nil }
      values.append(value)
    }
    self.init(values)
  }
}

/// Numbers, such as "1,2,4".
struct NumberList: ExpressibleByArgument {
  let values: [Int]

  init(_ values: [Int]) { self.values = ValueList(values).values }

  init?(argument: String) {
    guard let list = ValueList(argument, { Int($0) }) else { return nil }
    values = list.values
  }

  var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

/// Sizes of the passes that read a prompt, such as "1,7,whole".
struct ChunkList: ExpressibleByArgument {
  /// None for a pass that reads all of it.
  let values: [Int?]

  init(_ values: [Int?]) { self.values = ValueList(values).values }

  init?(argument: String) {
    let list = ValueList<Int?>(argument) { part in
      if part == "whole" { return .some(nil) }
      return Int(part).flatMap { $0 > 0 ? .some($0) : nil }
    }
    guard let list else { return nil }
    values = list.values
  }

  var defaultValueDescription: String {
    values.map { $0.map(String.init) ?? "whole" }.joined(separator: ",")
  }
}

/// Names of the cases of a type, such as "tree,separate".
struct NameList<Name: RawRepresentable & CaseIterable & Hashable & Sendable>:
  ExpressibleByArgument
where Name.RawValue == String {
  let values: [Name]

  init(_ values: [Name]) { self.values = ValueList(values).values }

  init?(argument: String) {
    guard let list = ValueList(argument, { Name(rawValue: String($0)) }) else { return nil }
    values = list.values
  }

  static var allValueStrings: [String] { Name.allCases.map(\.rawValue) }

  var defaultValueDescription: String { values.map(\.rawValue).joined(separator: ",") }
}
