import Glibc

/// The reader under attack; set once, before the first input.
nonisolated(unsafe) private var target: FuzzTarget = .json

/// libFuzzer calls this first. Of the arguments, `--reader=NAME` is ours; the fuzzer passes over
/// whatever begins with two hyphens.
@c(LLVMFuzzerInitialize)
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
  let option = "--reader="
  let names = CommandLine.arguments.filter { $0.hasPrefix(option) }.map {
    $0.dropFirst(option.count)
  }
  guard let name = names.last, let chosen = FuzzTarget(rawValue: String(name)) else {
    let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    print("Name a reader with --reader=NAME; there are \(known).")
    exit(64)
  }
  target = chosen
  Slowest.sayAtExit()
  return 0
}

/// libFuzzer calls this for every input. A reader may throw; its error must be a sentence of one
/// line. Whatever else goes wrong ends the process, and libFuzzer keeps the input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let begin = processorNanoseconds()
  defer { Slowest.note(processorNanoseconds() - begin) }
  do {
    try target.read([UInt8](UnsafeBufferPointer(start: start, count: count)))
  } catch {
    let sentence = "\(error)"
    precondition(sentence.hasSuffix("."), sentence)
    precondition(!sentence.unicodeScalars.contains { $0.properties.generalCategory == .control })
    precondition(sentence.utf8.count < 8_192, "a message of \(sentence.utf8.count) bytes")
  }
  return 0
}

/// What the slowest input has taken of the processor; of the clock it may have taken more, on a machine
/// that is busy with something else.
private enum Slowest {
  nonisolated(unsafe) private static var nanoseconds: UInt64 = 0
  /// No input may take longer.
  private static let limit: UInt64 = 2_000_000_000

  static func note(_ taken: UInt64) {
    precondition(taken < limit, "an input took \(taken / 1_000_000) ms of the processor")
    if taken > nanoseconds { nanoseconds = taken }
  }

  /// Says it when the process ends.
  static func sayAtExit() {
    atexit { print("slowest input: \(Slowest.nanoseconds / 1_000) microseconds") }
  }
}

private func processorNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
