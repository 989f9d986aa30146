import Foundation
import Oracle

/// What `lookahead verify` shows on a terminal.
struct CertificateText {
  let certificate: Certificate

  var lines: [String] {
    var lines = [certificate.sentence]
    if certificate.matmul == .blas {
      lines.append(
        "With OpenBLAS's matrix products nothing is promised: they are equal up to rounding.")
    }
    lines += [""] + (setup + compared).inColumns
    if !certificate.prompts.isEmpty { lines += [""] + prompts }
    if !certificate.coverage.isEmpty { lines += ["", "runs by setting"] + coverage.inColumns }
    if let example = certificate.counterExample { lines += [""] + rows(of: example).inColumns }
    return lines
  }

  private typealias Row = (name: String, text: String)

  private var setup: [Row] {
    let (model, machine, plan) = (certificate.model, certificate.machine, certificate.plan)
    let chosen =
      plan.seed.map { "drawn from seed \($0)" } ?? "all settings with all prompts"
    let skipped =
      plan.impossible == 0
      ? "" : "; \(plan.impossible.counted("setting")) that their policy lacks passed over"
    return [
      ("model", "\(model.name), \(model.format), \(model.parameters.counted("parameter"))"),
      ("model SHA-256", model.sha256),
      ("program", "\(certificate.program.name) \(certificate.program.version)"),
      (
        "machine",
        "\(machine.cpu ?? "CPU without a name"), \(machine.processors.counted("processor")), "
          + machine.instructionSets.map(\.rawValue).joined(separator: ", ")
      ),
      ("date", certificate.date),
      ("runs", "\(plan.runs.grouped), \(chosen)\(skipped)"),
      (
        "compared with",
        "plain decoding, prompt in one pass, 1 thread, "
          + "\(plan.reference.instructionSet.rawValue), \(plan.reference.weights.rawValue)"
      ),
      ("cache", (certificate.kvCache ?? .float32).rawValue),
      (
        "tokens chosen",
        "up to \(plan.maximumTokens.grouped) of each prompt, "
          + (plan.sampling.temperature == 0
            ? "the most probable" : "drawn with seed \(plan.sampling.seed)")
      ),
    ]
  }

  private var compared: [Row] {
    let compared = certificate.compared
    return [
      (
        "equal",
        "\(compared.runs.counted("run")): \(compared.tokens.counted("token")), "
          + "\(compared.rows.counted("row")) of logits, \(compared.logits.grouped) logits"
      ),
      (
        "passes",
        "\(compared.passes.grouped) of up to \(compared.largestPass.counted("row")); "
          + "\(compared.guessedTokens.counted("token")) were accepted drafts"
      ),
      ("logits SHA-256", certificate.logitsSha256),
    ]
  }

  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,=+:".contains($0))
    }
    if isPlain, !argument.isEmpty { return argument }
    return "'\(argument.replacingOccurrences(of: "'", with: "'\\''"))'"
  }

  private var prompts: [String] {
    TextTable(
      ["prompt", "its tokens", "made", "end", "runs", "SHA-256 of logits"],
      certificate.prompts.map { prompt in
        [
          prompt.id, prompt.prompt.count.grouped, prompt.tokens.grouped,
          prompt.finishReason.rawValue, prompt.runs.grouped,
          "\(prompt.logitsSha256.prefix(16))…",
        ]
      }
    ).text
  }

  private var coverage: [Row] {
    let names = [
      "windowSizes": "W", "ngramSizes": "N", "candidateCounts": "G", "policies": "policy",
      "candidateLayouts": "layout", "schedules": "schedule", "prefillChunks": "chunk",
      "threadCounts": "threads", "instructionSets": "instructions",
    ]
    return certificate.coverage.map { coverage in
      (
        "  " + (names[coverage.property] ?? coverage.property),
        coverage.values.map { "\($0.value): \($0.runs.grouped)" }.joined(separator: ", ")
      )
    }
  }

  private func rows(of example: CounterExample) -> [Row] {
    var rows: [Row] = [
      ("found", "\(example.finding.promptName.onOneLine): \(example.finding.setting)"),
      ("smallest", example.sizeInWords),
      ("", "\(example.setting)"), ("", example.searchInWords),
      ("difference", example.difference.words),
    ]
    if let error = example.difference.error { rows.append(("", error)) }
    if let logits = example.logits { rows.append(("", logits.words)) }
    if let pass = example.pass { rows.append(("pass", pass.words)) }
    rows.append(("trace", example.trace ?? "none: it did not fail once more, or cannot be written"))
    let arguments = (certificate.repeatWith ?? []).map(Self.quoted)
    rows.append(("repeat with", "lookahead " + arguments.joined(separator: " ")))
    return rows
  }
}
