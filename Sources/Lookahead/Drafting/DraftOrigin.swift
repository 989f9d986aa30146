/// Where a drafted token comes from, by the name in statistics, traces and `--verbose`.
public struct DraftOrigin: Hashable, Sendable, Codable, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }

  /// A prediction of a speculative row: of the lookahead window, or of a rejected candidate.
  public static let window = DraftOrigin("window")
  public static let prompt = DraftOrigin("prompt")
  /// The text generated so far.
  public static let output = DraftOrigin("output")
  /// Texts of earlier runs (`EarlierTexts`).
  public static let file = DraftOrigin("file")

  /// What the model's logits said of the same tokens elsewhere (`DraftMemory`).
  public static let successors = DraftOrigin("successors")

  /// The sources of `LookaheadConfiguration.PoolSources`, in display order.
  public static let builtIn: [DraftOrigin] = [.window, .prompt, .output, .file]

  public var description: String { name }

  public init(from decoder: any Swift.Decoder) throws {
    name = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
