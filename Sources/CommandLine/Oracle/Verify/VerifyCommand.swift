import ArgumentParser
import Foundation
import Llama
import Lookahead
import Oracle
import Session
import Tensor

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare lookahead decoding with plain decoding, bit for bit, under many settings.",
    discussion: """
      Decodes prompts plainly, then with settings drawn at random, or with all that lists of values \
      make: W, N, G, policy, layout, schedule, prefill chunk, threads, instruction set, form of the \
      weights. --seed, 0 if it is not given, decides what is drawn. Each run must give the same \
      tokens and, bit for bit, the same logits. Prints a certificate: what was run, how much was \
      compared, and the SHA-256 of the logits; of settings and prompts that were not run it says \
      nothing (docs/verifying.md).

      If a run differs, the exit status is 1, and the smallest case that fails too is shown, with a \
      trace of its passes in the folder of --out. Ctrl-C prints what was verified by then.

      Examples:
        lookahead verify
        lookahead verify --random 500 --seed 7 --prompts Fixtures/prompts.jsonl --json
        lookahead verify --grid --windows 0,3 --ngrams 3 --candidates 0,5 -p "Name a river."
        lookahead verify --temperature 0.8 --top-p 0.9
      """)

  @OptionGroup(title: "Runs") var options: VerifyOptions
  @OptionGroup(title: "Prompts") var prompts: VerifyPrompts
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Output") var output: VerifyOutput

  func run() throws {
    try output.check()
    let given = try prompts.read()
    let opened = try model.open()
    let plan = try plan(
      for: opened, prompts: given.prompts(for: opened, ignoringEnds: options.ignoreEos))
    let traceModel = try opened.traceModel()
    if options.matmul == .blas {
      Console.note(
        "Note: OpenBLAS's products are equal up to rounding only, so a difference is no fault here."
      )
    }

    let use = try use(plan, of: opened.checkpoint)
    var verifier = Verifier { execution in
      try opened.load(
        path: options.matmul, storage: execution.weights, cacheFormat: options.kvCache,
        on: Executor(
          threadCount: execution.threads, instructionSet: execution.instructionSet), use: use
      ).model
    }
    let certificate = try Interruption.heeding { () -> Certificate in
      var found = try verify(plan, by: &verifier)
      try output.trace(&found, by: &verifier, model: traceModel, options)
      var certificate = Certificate(
        found, of: plan, program: .thisProgram, model: traceModel, matmul: options.matmul,
        kvCache: options.kvCache,
        machine: Certificate.Machine(
          cpu: CPUName.current, processors: ProcessInfo.processInfo.activeProcessorCount))
      certificate.repeatWith = certificate.counterExample?.arguments(
        matmul: options.matmul, kvCache: options.kvCache, model: model.model)
      try output.write(certificate)
      return certificate
    }
    if certificate.verdict != .equal, let signal = Interruption.signal {
      throw ExitStatus.interrupted(by: signal)
    }
    if certificate.verdict == .different { throw ExitStatus.checkFailed }
  }

  /// Compares all runs, up to the first that differs or to a signal.
  private func verify(
    _ plan: VerificationPlan, by verifier: inout Verifier<LlamaModel>
  ) throws -> Verification {
    var display = VerifyDisplay()
    defer { display.end() }
    return try verifier.verify(plan) { progress in
      display.show(progress)
      return Interruption.signal == nil ? .proceed : .cancel
    }
  }

  private func plan(
    for opened: OpenedModel, prompts: [VerificationPrompt]
  ) throws -> VerificationPlan {
    let seed = sampling.seed ?? 0
    do {
      return try VerificationPlan(
        prompts: prompts, maximumTokens: options.maxTokens,
        sampling: sampling.configuration(seed: seed),
        space: options.space(for: opened.checkpoint), choice: options.choice(seed: seed))
    } catch let error as VerificationError {
      throw ValidationError("\(error)")
    }
  }

  /// The largest use of a model, for its memory.
  private func use(_ plan: VerificationPlan, of checkpoint: Checkpoint) throws -> ModelUse {
    let context = checkpoint.configuration.contextLength
    let prompt = plan.prompts.map(\.tokens.count).max() ?? 1
    let pass = try plan.space.largestPass
    // A chunk may be as long as the prompt.
    return .decoding(
      prompt: prompt, maximumTokens: plan.maximumTokens, contextLimit: context,
      prefillChunk: prompt, pass: pass)
  }
}
