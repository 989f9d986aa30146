struct CommandError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  static let noModel = Self(
    "No model was found: name one with --model or LOOKAHEAD_MODEL, or fetch one with "
      + "scripts/fetch-model.sh.")

  static func notText(_ name: String) -> Self { Self("\(name) is not UTF-8 text.") }
}
