import ArgumentParser

extension ParsableArguments {
  /// Refuses options without effect.
  /// - Parameters:
  ///   - reason: why they have none, such as "--clock times nothing".
  ///   - options: names of options, and whether each was given.
  /// - Throws: `ValidationError` that names those that were given.
  static func refuse(_ reason: String, _ options: [(String, Bool)]) throws {
    let given = options.filter(\.1).map(\.0)
    if given.isEmpty { return }
    throw ValidationError("\(reason), so \(given.joined(separator: ", ")) cannot be given.")
  }

  /// Refuses counts below 1.
  static func requirePositive(_ counts: KeyValuePairs<String, Int?>) throws {
    for case (let name, let value?) in counts where value < 1 {
      throw ValidationError("The \(name) is \(value), but must be at least 1.")
    }
  }

  /// Repeats an error of the library as one of usage.
  static func validating<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw ValidationError("\(error)") }
  }
}
