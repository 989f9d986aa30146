import Files
import Lookahead

/// What drafting has learnt, as it is and with the right checksum appended.
enum DraftMemoryTarget {
  private static let file = FileInMemory()

  static func read(_ input: [UInt8]) throws {
    // The subject of the file itself, so that the reader does not refuse it.
    let subject = input.count >= 52 ? Array(input[20..<52]) : Array(repeating: 0, count: 32)
    var hash = SHA256()
    hash.update(input)
    for bytes in [input + hash.digest, input] {
      file.write(bytes)
      do {
        let memory = try DraftMemory(
          InputFile(path: file.path), subject: subject, vocabularySize: 256)
        precondition(memory.bytes(subject: subject).count <= DraftMemory.maximumFileSize)
      } catch let error as DraftMemory.Unreadable {
        precondition(!error.reason.isEmpty && !error.reason.hasSuffix("."), error.reason)
      }
    }
  }
}
