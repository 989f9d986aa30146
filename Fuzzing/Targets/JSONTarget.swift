import Foundation

@testable import Files

/// The project's JSON parser. What it takes, Foundation's must take too, numbers beyond a Double and
/// a name that stands twice left aside.
enum JSONTarget {
  static func read(_ input: [UInt8]) throws {
    _ = try JSONParser.parse(input, path: "file.json")
    do {
      _ = try JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
    } catch {
      let text = String(decoding: input, as: UTF8.self)
      precondition(text.contains("e") || text.contains("E") || text.utf8.count > 300, text)
    }
  }
}
