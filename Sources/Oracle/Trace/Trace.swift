import Foundation
import Llama
import Lookahead

/// A trace: what was run, pass by pass. The tensors stay in their files, one for each pass.
public struct Trace: Codable, Equatable, Sendable {
  public var header: TraceHeader
  public var passes: [TracePass]
  public var tokens: [TokenID]
  /// Why the text ended; left out after a single pass.
  public var finishReason: FinishReason?

  /// The name of the file in a trace's folder that says what the others hold.
  public static let fileName = "trace.json"

  private enum CodingKeys: String, CodingKey {
    case passes, tokens, finishReason
  }

  public init(from decoder: any Swift.Decoder) throws {
    header = try TraceHeader(from: decoder)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    passes = try fields.decode([TracePass].self, forKey: .passes)
    tokens = try fields.decode([TokenID].self, forKey: .tokens)
    finishReason = try fields.decodeIfPresent(FinishReason.self, forKey: .finishReason)
  }

  public func encode(to encoder: any Encoder) throws {
    try header.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(passes, forKey: .passes)
    try fields.encode(tokens, forKey: .tokens)
    try fields.encodeIfPresent(finishReason, forKey: .finishReason)
  }
}
