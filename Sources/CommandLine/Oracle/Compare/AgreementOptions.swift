import ArgumentParser
import Oracle

/// What to compare, and what counts as agreement.
struct AgreementOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Allow values to differ by this much.", valueName: "difference"))
  var atol: Double?

  @Option(
    help: ArgumentHelp("Allow values to differ by this share of A's value.", valueName: "share"))
  var rtol: Double?

  @Option(
    help: ArgumentHelp(
      "Ask for the same K most probable tokens in every row. (default: counts for K = 10)",
      valueName: "k"))
  var topK: Int?

  @Option(
    help: ArgumentHelp(
      "Compare the tensors whose names fit, such as hidden.* or logits; may be repeated.",
      valueName: "pattern"))
  var tensors: [String] = []

  @Option(
    help: ArgumentHelp(
      "The arithmetic that B claims: float32, f16, bf16, or int8 or int16 for activations of "
        + "quantised weights in so many bits. (default: what a trace says of its integers, else the "
        + "finest that explains where differences begin)", valueName: "arithmetic"))
  var precision: Precision?

  func validate() throws {
    for (name, value) in [("--atol", atol), ("--rtol", rtol)] {
      if let value, !(value >= 0 && value.isFinite) {
        throw ValidationError("\(name) must be a number from 0 on.")
      }
    }
    if let topK, !(1...1_000).contains(topK) {
      throw ValidationError("--top-k must be from 1 to 1000.")
    }
  }

  var settings: ComparisonSettings {
    var settings = ComparisonSettings()
    if atol != nil || rtol != nil {
      settings.tolerance = Tolerance(absolute: atol ?? 0, relative: rtol ?? 0)
    }
    settings.topK = topK ?? settings.topK
    settings.requiresTopK = topK != nil
    settings.precision = precision
    settings.patterns = tensors
    return settings
  }
}

extension Precision: ExpressibleByArgument {}
