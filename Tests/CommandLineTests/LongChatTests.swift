import Foundation
import TestSupport
import Testing

#if os(Linux)
  /// A conversation of many turns: every one is answered, and the program does not grow.
  @Suite(.enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"))
  struct LongChatTests {
    /// Turns: a tenth in the quick suite.
    private static let turns = LongSuite.isRequested ? 200 : 20

    @Test func `a conversation of many turns is answered to the end and does not grow`() throws {
      let run = LookaheadProcess(
        ["chat", "-n", "6", "--json"] + LookaheadProcess.tinyLlama)
      let input = Pipe()
      run.process.standardInput = input
      try run.process.run()
      var samples: [Int] = []
      for turn in 0..<Self.turns {
        // Some forty turns fill the context; then a new conversation begins.
        let reset = turn % 30 == 29 ? "/reset\n" : ""
        let message = reset + "What does the bear eat on day \(turn)?\n"
        try input.fileHandleForWriting.write(contentsOf: Data(message.utf8))
        let answer = run.firstOutput()
        #expect(answer.contains(#""turn":\#(turn + 1)"#) && answer.hasSuffix("}\n"))
        // At the end of each conversation; in the quick suite there is only the first, so within it,
        // once what all turns use again is there.
        if turn % 30 == 28 || turn == Self.turns - 1 || Self.turns < 30 && turn >= 9 {
          let identifier = "\(run.process.processIdentifier)"
          samples.append(try #require(ResidentMemory.bytes(ofProcess: identifier)))
        }
      }
      try input.fileHandleForWriting.close()
      #expect(try run.finish().status == 0)
      let growth = (samples.max() ?? 0) - (samples.first ?? 0)
      #expect(samples.count > 5 && growth < 4 << 20, "\(samples)")
    }
  }
#endif
