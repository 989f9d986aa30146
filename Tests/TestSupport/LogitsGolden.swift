import Foundation
import Llama
import Tensor

/// A digest of logits that is the same on every machine; the schema is in Fixtures/README.md.
public struct LogitsGolden: Decodable, Sendable, CustomStringConvertible {
  /// A folder or file under Fixtures, or the real model's file name.
  public let model: String
  public let matmul: MatrixProductPath
  /// The prompt.
  public let promptIDs: [TokenID]
  /// What follows it greedily, end tokens ignored.
  public let outputIDs: [TokenID]
  /// SHA-256 over the logits after each token of it, as little-endian float32.
  public let logitsSHA256: String

  private enum CodingKeys: String, CodingKey {
    case model
    case matmul
    case promptIDs = "prompt_ids"
    case outputIDs = "output_ids"
    case logitsSHA256 = "logits_sha256"
  }

  private struct File: Decodable { let cases: [LogitsGolden] }

  private static func all() throws -> [LogitsGolden] {
    let url = URL(fileURLWithPath: FixturePath.path("golden/logits-sha256.json"))
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
  }

  private static let realModel = "SmolLM2-135M-Instruct.Q4_1.gguf"

  /// Those of the fixture models.
  public static func ofFixtures() throws -> [LogitsGolden] {
    try all().filter { $0.model != realModel }
  }

  /// Those of SmolLM2.
  public static func ofSmolLM2() throws -> [LogitsGolden] {
    try all().filter { $0.model == realModel }
  }

  /// For the message of a failing test.
  public var description: String { "\(model), \(matmul), after \(promptIDs.prefix(8))…" }
}
