import Foundation

extension TokenizerPipeline {
  /// A text in Unicode's normal form C; bytes that are no text stay as they are.
  static func composed(_ text: ArraySlice<UInt8>) -> [UInt8] {
    guard text.contains(where: { $0 >= 0x80 }),
      let string = String(validating: text, as: UTF8.self)
    else { return Array(text) }
    return Array(string.precomposedStringWithCanonicalMapping.utf8)
  }
}
