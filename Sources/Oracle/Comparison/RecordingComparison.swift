/// How far two recordings are apart, and whether rounding explains it: what `RecordingComparer`
/// finds.
public struct RecordingComparison: Sendable, Encodable {
  public struct Side: Encodable, Sendable {
    public let path: String
    public let kind: RecordingKind
    public let passes: Int
    /// What its header says that it was computed with; nil where it says nothing that is known.
    public let arithmetic: TraceHeader.Arithmetic?

    init(_ recording: Recording) {
      (path, kind, passes) = (recording.path, recording.kind, recording.passes.count)
      arithmetic = recording.arithmetic
    }
  }

  /// What the differences come from.
  public enum Verdict: String, Encodable, Sendable {
    /// There are none, in any bit that was compared.
    case identical
    /// Rounding of `precision` explains all.
    case rounding
    /// Something other than rounding: `finding` says where it begins, or `discrete` what it is.
    case bug
  }

  /// The side that is trusted.
  public let a: Side
  /// The side that is checked.
  public let b: Side
  public let passes: Int
  /// Passes that only one side has.
  public let unpairedPasses: Int
  /// Passes whose numbers were not compared: those from the first on that was run on other rows, at
  /// other positions, under another mask or behind another cache.
  public let incomparablePasses: Int
  /// The first discrete difference of each kind, in the order in which a decoder computes them.
  public let discrete: [DiscreteDifference]
  /// The tensors that both have, in the order in which a pass computes them.
  public let tensors: [TensorFigures]
  public let onlyInA: [String]
  public let onlyInB: [String]
  public let verdict: Verdict
  /// The arithmetic that differences were judged by: what was claimed, what a header says, or the
  /// finest that explains where they begin.
  public let precision: Precision
  /// Whether `precision` was claimed.
  public let isClaimed: Bool
  /// The finest arithmetic whose rounding would explain all differences, if there is one.
  public let explainedBy: Precision?
  /// The first differences that rounding of `precision` does not explain.
  public let finding: Finding?
  public let tolerance: Tolerance?
  /// The first value that differs by more than the tolerance.
  public let firstBeyondTolerance: DifferenceLocation?
  /// Whether A and B agree: nothing discrete differs, and all values are within the tolerance or,
  /// where none was given, within what rounding explains.
  public let agrees: Bool
  /// The difference with which all others begin, where it is discrete: a decoder computes it before
  /// the numbers of `finding`.
  public internal(set) var cause: DiscreteDifference?
  /// What to compare next, where activations in 8 bits explain all differences and A has none.
  public internal(set) var advice: String?
  /// All of it in words.
  public internal(set) var sentence = ""

  var firstCause: DiscreteDifference? {
    guard let finding else { return discrete.first }
    return discrete.first.flatMap {
      $0.comesBeforeNumbers(ofPass: finding.location.pass) ? $0 : nil
    }
  }

  /// - Parameter statement: what the headers say of integers, as a sentence begins, if they do and
  ///   nothing else was claimed.
  func words(stated statement: String?) -> String {
    switch verdict {
    case .identical: return "A and B are the same in everything that was compared."
    case .rounding:
      if let statement, precision.isInteger {
        return "\(statement): that explains all differences."
      }
      let finer = precision == .f16 ? "float32" : precision == .bf16 ? "F16" : "BF16"
      return "\(precision.roundingInWords) explains all differences"
        + (isClaimed || precision == .float32 ? "." : "; that of \(finer) does not.")
    case .bug: break
    }
    guard let finding, cause == nil else {
      return "A and B differ in more than rounding: \(cause?.sentence ?? "")"
        + (tensors.isEmpty ? "" : " All numbers before agree.")
    }
    let count = finding.tensorsBefore
    let before =
      count == 0
      ? "it is the first tensor that was compared"
      : count == 1 ? "the tensor before agrees" : "the \(count) tensors before agree"
    let what: String
    if let times = finding.times {
      what =
        "\(finding.difference.inWords), \(times.inWords) times what \(precision.words) rounding "
        + "explains"
    } else {
      what = "a value is finite on one side and not on the other"
    }
    var text = "A bug, at \(finding.location.words): \(what); \(before)."
    if let explainedBy, explainedBy != precision {
      text += " \(explainedBy.words) arithmetic would explain it, but "
      text +=
        isClaimed ? "another was claimed." : "differences begin as those of \(precision.words)."
    }
    if finding.rows.count > 1 {
      let shown = finding.rows.prefix(8).map(String.init).joined(separator: ", ")
      text += " Rows \(shown)\(finding.rows.count > 8 ? " …" : "") of that tensor are off."
    }
    if let consequence = discrete.first { text += " After it: \(consequence.sentence)" }
    return text
  }
}

extension Double {
  /// With two significant digits below 10, as a whole number from there to a million, else with an
  /// exponent.
  public var inWords: String {
    if self == 0 || !isFinite { return self == 0 ? "0" : "\(self)" }
    if magnitude >= 10, magnitude < 1e6 { return "\(Int(rounded()))" }
    var (exponent, significand) = (0, self)
    while significand.magnitude < 1 { (significand, exponent) = (significand * 10, exponent - 1) }
    while significand.magnitude >= 10 { (significand, exponent) = (significand / 10, exponent + 1) }
    significand = (significand * 10).rounded() / 10
    if significand.magnitude == 10 { (significand, exponent) = (significand / 10, exponent + 1) }
    if (-3...0).contains(exponent) {
      // As many places as show two digits.
      let scale = exponent == 0 ? 10.0 : exponent == -1 ? 100 : exponent == -2 ? 1_000 : 10_000
      return "\((self * scale).rounded() / scale)"
    }
    return "\(significand)e\(exponent)"
  }
}
