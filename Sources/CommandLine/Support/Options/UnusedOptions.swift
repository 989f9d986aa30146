import ArgumentParser

extension ParsableArguments {
  /// Refuses options without effect.
  static func refuse(_ reason: String, _ options: [(String, Bool)]) throws {
    let given = options.filter(\.1).map(\.0)
    if given.isEmpty { return }
    throw ValidationError("\(reason), so \(given.joined(separator: ", ")) cannot be given.")
  }

  /// Refuses numbers that are too small.
  static func require(_ numbers: KeyValuePairs<String, Int?>, from minimum: Int = 1) throws {
    for case (let name, let value?) in numbers where value < minimum {
      throw ValidationError("The \(name) is \(value), but must be at least \(minimum).")
    }
  }

  /// Refuses a number from 1 that is too small or too large.
  static func require(_ name: String, _ value: Int, upTo maximum: Int) throws {
    if !(1...maximum ~= value) {
      throw ValidationError("The \(name) is \(value), but must be from 1 to \(maximum).")
    }
  }

  /// Repeats an error of the library as one of usage.
  static func validating<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw ValidationError("\(error)") }
  }
}
