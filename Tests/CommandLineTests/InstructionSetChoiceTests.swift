import Tensor
import TestSupport
import Testing

@testable import CommandLineTool

struct InstructionSetChoiceTests {
  private func find(
    option: InstructionSet? = nil, _ variable: String? = nil,
    available: [InstructionSet] = [.portable, .x86v3]
  ) throws -> InstructionSet {
    let environment = variable.map { ["LOOKAHEAD_ISA": $0] } ?? [:]
    return try InstructionSetChoice.find(
      option: option, environment: environment, available: available)
  }

  @Test func `the option comes first, then the environment unless it is empty, then the best`()
    throws
  {
    #expect(try find(option: .portable, "x86-64-v3") == .portable)
    #expect(try find(option: .x86v3, "nonsense") == .x86v3)
    #expect(try find("portable") == .portable)
    #expect(try find("") == .x86v3)
    #expect(try find() == .x86v3)
    #expect(try find(available: [.portable]) == .portable)
  }

  @Test func `a value that is unknown or not available here is refused`() {
    #expect(throws: (any Error).self) { try find("AVX2") }
    #expect(throws: (any Error).self) { try find("x86-64-v4") }
    #expect(throws: (any Error).self) { try find(option: .x86v4) }
  }

  @Test func `the program takes the environment's, and the logits stay the same`() throws {
    let arguments = LookaheadProcess.tinyLlama + ["--prompt-ids", "5,6", "-n", "3", "--json"]
    let expected = try LookaheadProcess.run(arguments).object()
    for instructionSet in InstructionSet.available {
      let run = try LookaheadProcess.run(
        arguments, environment: ["LOOKAHEAD_ISA": instructionSet.rawValue])
      let object = try run.object()
      #expect(object["instruction_set"] as? String == instructionSet.rawValue)
      #expect(object["logits_sha256"] as? String == expected["logits_sha256"] as? String)
      #expect(run.diagnostics.contains("Warning: ") == !instructionSet.isFast)
    }
  }

  @Test func `the program refuses an unknown one with a sentence`() throws {
    let run = try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + ["--prompt-ids", "5"], environment: ["LOOKAHEAD_ISA": "avx9"])
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(
      run.diagnostics
        == "lookahead: LOOKAHEAD_ISA is 'avx9', but must be one of portable, x86-64-v3, "
        + "x86-64-v3+vnni, x86-64-v4, x86-64-v4+vnni; see lookahead generate --help.\n")
  }

  #if arch(x86_64)
    @Test func `slow instructions are warned of, with the reason`() throws {
      let forced = InstructionSetChoice.warning(for: .portable, best: .x86v4)
      #expect(try #require(forced).hasSuffix("; this CPU can run x86-64-v4."))
      let old = InstructionSetChoice.warning(for: .portable, best: .portable)
      #expect(try #require(old).contains("this CPU lacks AVX2 or FMA"))
      #expect(InstructionSetChoice.warning(for: .x86v3, best: .x86v4) == nil)
    }
  #endif
}
