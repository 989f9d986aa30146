import Foundation

@testable import Oracle

/// `trace.json`, by the reader of our own traces and by that of anybody's. Beside it are two passes.
enum TraceTarget {
  private static let document = FileInMemory()
  private static let folder: FolderInMemory = {
    var files = [Trace.fileName: document]
    for pass in 0..<2 {
      let name = TracePass.file(ofPass: pass)
      let file = FileInMemory()
      file.write(RecordingTarget.goodBytes)
      files[name] = file
    }
    return FolderInMemory(files)
  }()

  static func readAnybodys(_ input: [UInt8]) throws {
    document.write(input)
    try RecordingTarget.compare(Recording.open(folder.path))
  }

  /// What our own reader takes is the same when it is written and read again.
  static func readOurs(_ input: [UInt8]) throws {
    document.write(input)
    let trace = try Trace(folder: folder.path)
    do {
      document.write([UInt8](try JSONEncoder().encode(trace)))
      let again = try Trace(folder: folder.path)
      precondition(again == trace)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
