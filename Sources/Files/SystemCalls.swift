import Foundation

// Foundation re-exports the C library of every platform. These are the calls that methods of the same
// name hide, and the fields that differ.

let systemClose: @Sendable (Int32) -> Int32 = close
let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = write

func lastSystemError() -> String { String(cString: strerror(errno)) }

extension stat {
  var modificationTime: timespec {
    #if canImport(Darwin)
      st_mtimespec
    #else
      st_mtim
    #endif
  }
}
