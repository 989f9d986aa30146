import Foundation
import Llama
import Tensor

/// The random tiny models of one family (Fixtures/generate/make_families.py), with what transformers
/// computes for them.
public struct FamilyFixture: CustomStringConvertible {
  public static let families = [
    "llama", "mistral", "qwen2", "qwen3", "smollm3", "gemma2", "gemma3", "olmo2", "granite", "phi3",
  ]

  /// The model as it is opened from a Hugging Face folder with tensors of this format.
  public func checkpoint(_ format: WeightFormat) throws -> Checkpoint {
    let folder = try TemporaryFolder()
    try write(to: folder, as: format)
    return try withExtendedLifetime(folder) { try Checkpoint.open(folder.path) }
  }

  /// One entry of the family's JSON file.
  struct Entry: Decodable {
    let losses: [String: Double]
    let tensors: [String: [Int]]
  }

  public let family: String
  public let index: Int
  let entry: Entry
  /// The model's config.json.
  let config: [String: Any]
  private let goldens: SafetensorsReader

  public var description: String { "\(family) \(index)" }

  /// All models of a family.
  public static func all(_ family: String) throws -> [FamilyFixture] {
    let json = try Data(contentsOf: URL(filePath: FixturePath.path("families/\(family).json")))
    let entries = try JSONDecoder().decode([Entry].self, from: json)
    let configs = try JSONSerialization.jsonObject(with: json) as? [[String: Any]] ?? []
    let goldens = try SafetensorsReader(path: FixturePath.path("families/\(family).safetensors"))
    return zip(entries, configs).enumerated().map { index, model in
      FamilyFixture(
        family: family, index: index, entry: model.0,
        config: model.1["config"] as? [String: Any] ?? [:], goldens: goldens)
    }
  }

  /// Writes the model as a Hugging Face folder, its tensors in this format.
  public func write(to folder: TemporaryFolder, as format: WeightFormat) throws {
    let json = try JSONSerialization.data(withJSONObject: config, options: [.sortedKeys])
    try folder.write(String(decoding: json, as: UTF8.self), to: "config.json")
    let tensors = entry.tensors.sorted { $0.key < $1.key }.map { name, shape in
      let values = weights(name, shape: shape)
      return switch format {
      case .float32: SafetensorsWriter.Tensor(name, shape: shape, values: values)
      case .bfloat16: SafetensorsWriter.Tensor(name, shape: shape, bfloat16: values)
      }
    }
    try folder.write(SafetensorsWriter(tensors).bytes(), to: "model.safetensors")
  }

  public enum WeightFormat: CaseIterable, Sendable { case float32, bfloat16 }

  /// `values` of the generating script.
  private func weights(_ name: String, shape: [Int]) -> [Float] {
    var start: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { start = (start ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (0..<shape.reduce(1, *)).map { index in
      var state = start &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
      state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
      let number = Float(Int((state ^ state >> 31) >> 40) % 255 - 127)
      if name.contains("norm") {
        return (number / 8).rounded(.toNearestOrEven) / 64 + (family.hasPrefix("gemma") ? 0 : 1)
      }
      if name.hasSuffix(".bias") { return number / 256 }
      return number / (name.contains("embed_tokens") ? 128 : 512)
    }
  }

  // MARK: - What transformers computes

  public var tokens: [TokenID] { get throws { try goldens.integers("\(index).tokens") } }
  /// Positions of the scattered rows; those of the causal text count from 0.
  public var positions: [Int] { get throws { try goldens.integers("\(index).positions") } }

  /// Whether a token sees another, in the scattered pass.
  public func sees() throws -> (_ query: Int, _ key: Int) -> Bool {
    let (mask, count) = (try goldens.tensor("\(index).mask").bytes, try tokens.count)
    return { mask[$0 * count + $1] == 1 }
  }

  public func hidden(_ layer: Int) throws -> Matrix { try matrix("\(index).hidden.\(layer)") }
  public func logits(_ name: String) throws -> Matrix { try matrix("\(index).\(name).logits") }

  private func matrix(_ name: String) throws -> Matrix {
    let shape = try goldens.tensor(name).shape
    return Matrix(rows: shape[0], columns: shape[1], elements: try goldens.floats(name))
  }

  /// How far logits may be from those: relative 2e-5, or six times what transformers' float32 loses.
  public func tolerance(_ name: String) throws -> Float {
    let largest = try logits(name).elements.reduce(0) { max($0, abs($1)) }
    return max(2e-5 * largest, Float(6 * (entry.losses[name] ?? 0)))
  }
}
