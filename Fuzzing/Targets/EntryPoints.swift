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
  return 0
}

/// libFuzzer calls this for every input. A reader may throw; its error must be a sentence of one
/// line. Whatever else goes wrong ends the process, and libFuzzer keeps the input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
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
