import Lookahead
import Oracle
import Tensor

extension CounterExample {
  var sizeInWords: String {
    "\(maximumTokens.counted("token")) behind the prompt "
      + prompt.map(String.init).joined(separator: ",")
  }

  var searchInWords: String {
    if !isRepeatable {
      return "it did not differ when it was repeated, so nothing smaller was sought"
    }
    let cases = "\(tried.counted("case")) tried"
    return isSmallest
      ? "\(cases): no single step to a smaller one fails"
      : "\(cases) by the end of the search: smaller ones may fail too"
  }

  /// The arguments that repeat the smallest case.
  /// - Parameter model: the value of `--model`, if it was given.
  func arguments(
    matmul: MatrixProductPath, kvCache: KeyValueFormat, model: String?
  ) -> [String] {
    let sizes = setting.lookahead
    let execution = setting.execution
    var arguments = [
      "verify", "--grid", "--prompt-ids", prompt.map(String.init).joined(separator: ","),
      "-n", "\(maximumTokens)", "--windows", "\(sizes?.windowSize ?? 0)",
      "--ngrams", "\(sizes?.ngramSize ?? 2)", "--candidates", "\(sizes?.candidatesPerToken ?? 0)",
      "--policies", sizes?.policy.rawValue ?? "standard",
      "--layouts", sizes?.candidateLayout.rawValue ?? "tree",
      "--schedules", sizes?.schedule == .automatic ? "auto" : "fixed",
      "--chunks", setting.prefillChunk.map(String.init) ?? "whole",
      "--threads-list", "\(execution.threads)",
      "--instruction-sets", execution.instructionSet.rawValue,
      "--weights", execution.weights.rawValue, "--seed", "\(sampling.seed)",
    ]
    if let model { arguments += ["--model", model] }
    if endTokens.isEmpty { arguments.append("--ignore-eos") }
    if matmul != .exact { arguments += ["--matmul", matmul.rawValue] }
    if kvCache != .float32 { arguments += ["--kv-cache", kvCache.rawValue] }
    return arguments + sampling.arguments
  }
}

extension TraceSampling {
  /// The options that are not at their defaults.
  fileprivate var arguments: [String] {
    var arguments: [String] = []
    let isPenal = repetitionPenalty != 1 || frequencyPenalty != 0 || presencePenalty != 0
    let options: [(name: String, value: String, isUsed: Bool)] = [
      ("--temperature", "\(temperature)", temperature != 0),
      ("--top-k", "\(topK ?? 0)", topK != nil),
      ("--top-p", "\(topP)", topP != 1), ("--min-p", "\(minP)", minP != 0),
      ("--repeat-penalty", "\(repetitionPenalty)", repetitionPenalty != 1),
      ("--frequency-penalty", "\(frequencyPenalty)", frequencyPenalty != 0),
      ("--presence-penalty", "\(presencePenalty)", presencePenalty != 0),
      ("--repeat-last-n", "\(penaltyWindow ?? -1)", isPenal),
    ]
    for option in options where option.isUsed { arguments += [option.name, option.value] }
    for bias in logitBias {
      arguments += ["--logit-bias", "\(bias.token)=\(bias.bias.map { "\($0)" } ?? "-inf")"]
    }
    return arguments
  }
}

extension CounterExample.Pass {
  var words: String {
    let place =
      row.map { row in "row \(row)" + (position.map { " at position \($0)" } ?? "") + ", " } ?? ""
    return
      "\(index): \(place)of \(rows.counted("row")) behind \(cachedCount.counted("cached token"))"
  }
}

extension CounterExample.Logits {
  var words: String {
    let shown = { (value: Float?, bits: String) in "\(value.map { "\($0) " } ?? "")(0x\(bits))" }
    return "\(different.grouped) of \(count.grouped) logits differ; that of token \(token) is "
      + "\(shown(found, foundBits)) instead of \(shown(expected, expectedBits))"
  }
}
