import Foundation

/// The trained fixture model with one weight that it should not have.
public enum SpoiltModel {
  /// Writes a copy of the model whose tensor has `value` as its element `index`.
  public static func write(
    to folder: TemporaryFolder, tensor: String, index: Int, value: Float
  ) throws {
    let source = FixturePath.path("tiny-llama")
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: source + "/" + name))
      if name == "model.safetensors" {
        let reader = try SafetensorsReader(path: source + "/" + name)
        let start = try reader.offset(of: tensor) + 4 * index
        bytes.replaceSubrange(start..<start + 4, with: [UInt8](littleEndian: [value]))
      }
      try folder.write([UInt8](bytes), to: name)
    }
  }
}
