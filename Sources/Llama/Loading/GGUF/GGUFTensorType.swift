import Tensor

extension ElementFormat {
  /// The format that a GGUF file means by a tensor type number, or nil if it is not supported
  /// (numbers: gguf-py 0.19.0, `constants.py`, `GGMLQuantizationType`).
  init?(ggufType number: UInt32) {
    switch number {
    case 0: self = .f32
    case 1: self = .f16
    case 2: self = .q4_0
    case 3: self = .q4_1
    case 6: self = .q5_0
    case 7: self = .q5_1
    case 8: self = .q8_0
    case 12: self = .q4_K
    case 13: self = .q5_K
    case 14: self = .q6_K
    case 30: self = .bf16
    default: return nil
    }
  }

  /// What to call an unsupported tensor type number in a message.
  static func unsupportedGGUFTypeName(_ number: UInt32) -> String {
    unsupportedGGUFTypes[number] ?? "type number \(number)"
  }

  private static let unsupportedGGUFTypes: [UInt32: String] = [
    4: "Q4_2", 5: "Q4_3", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS",
    17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S",
    23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M",
    34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4", 40: "NVFP4", 41: "Q1_0",
  ]
}
