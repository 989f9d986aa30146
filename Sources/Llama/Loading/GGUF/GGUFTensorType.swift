import Tensor

extension ElementFormat {
  /// The format that a GGUF file means by a tensor type number, or nil if it is not supported
  /// (numbers: gguf-py 0.19.0, `constants.py`, `GGMLQuantizationType`).
  init?(ggufType number: UInt32) {
    guard let format = Self.ggufTypes[number] else { return nil }
    self = format
  }

  private static let ggufTypes: [UInt32: ElementFormat] = [
    0: .f32, 1: .f16, 2: .q4_0, 3: .q4_1, 6: .q5_0, 7: .q5_1, 8: .q8_0, 10: .q2_K, 11: .q3_K,
    12: .q4_K, 13: .q5_K, 14: .q6_K, 20: .iq4_NL, 23: .iq4_XS, 30: .bf16,
  ]

  static func unsupportedGGUFTypeName(_ number: UInt32) -> String {
    unsupportedGGUFTypes[number] ?? "type number \(number)"
  }

  private static let unsupportedGGUFTypes: [UInt32: String] = [
    4: "Q4_2", 5: "Q4_3", 9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS",
    19: "IQ1_S", 21: "IQ3_S", 22: "IQ2_S", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
    29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4", 40: "NVFP4", 41: "Q1_0",
  ]
}
