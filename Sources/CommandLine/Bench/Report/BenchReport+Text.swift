extension BenchReport {
  var text: [String] {
    var parts = [setup]
    parts += paths.filter { !$0.passes.isEmpty }.map { [passTitle($0)] + $0.table.text }
    if prompts?.plan.clock == nil { parts.append(paths.flatMap(\.notes)) }
    if let prompts = prompts { parts += prompts.text }
    if interrupted { parts.append(["Interrupted: these are the figures by then."]) }
    return Array(parts.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  private var setup: [String] {
    var lines = [
      "\(model.path): \(model.format), \(model.parameters.counted("parameter"))",
      "\(machine.cpu ?? "CPU without a name"), \(machine.threads.counted("thread")), "
        + "\(machine.instructionSet) instructions",
    ]
    if let bandwidth = machine.readBandwidth, let peak = machine.arithmeticPeak {
      lines.append("read bandwidth   \(bandwidth.description) GB/s, \(machine.sweepBytes.inBytes)")
      lines.append("arithmetic peak  \(peak.description) GFLOP/s, fused multiply-adds of float32")
    }
    if let memory = memory {
      let mapped = memory.mappedFileBytes.map { " (\($0.inBytes) of mapped files)" } ?? ""
      lines.append(
        "peak memory      \(memory.peakBytes.inBytes)\(mapped), "
          + "\(memory.overWeights.rounded(toPlaces: 2)) × the weights: the whole process with "
          + "\(memory.weightBytes.inBytes) of weights and \(memory.cacheBytes.inBytes) of cache")
    }
    return lines
  }

  private func passTitle(_ path: PathReport) -> String {
    "A pass over T rows, \(path.matmul) products, \(path.kvCache) cache, logits of all rows, "
      + "\(context.counted("cached token")), medians of \(repeats):"
  }
}

extension Spread {
  /// "36.1 (33.0 to 38.9)".
  fileprivate var description: String {
    "\(median.rounded(toPlaces: 1)) "
      + "(\(minimum.rounded(toPlaces: 1)) to \(maximum.rounded(toPlaces: 1)))"
  }
}

extension PathReport {
  fileprivate var table: TextTable {
    TextTable(
      ["T", "ms", "of T = 1", "GB/s", "of bandwidth", "GFLOP/s", "of peak", "of the limit"],
      passes.map { pass in
        [
          "\(pass.rows)", pass.milliseconds.median.rounded(toPlaces: 2),
          pass.ratio.rounded(toPlaces: 2), pass.gigabytesPerSecond.rounded(toPlaces: 1),
          pass.bandwidthShare.asPercentage, pass.gigaflopsPerSecond.rounded(toPlaces: 1),
          pass.peakShare.asPercentage,
          pass.limitMilliseconds.map { $0 / pass.milliseconds.median }.asPercentage,
        ]
      })
  }

  fileprivate var notes: [String] {
    var lines = [
      "\(matmul): \(weightBytes.inBytes) of weights, loaded in "
        + "\(loadSeconds.rounded(toPlaces: 3)) s"
    ]
    if let prefill = prefill {
      lines.append(
        "\(matmul): prefill of \(prefill.tokens.counted("token")) "
          + "at \(prefill.tokensPerSecond.rounded(toPlaces: 0)) tokens/s")
    }
    if let attention = attention {
      lines.append(
        "\(matmul): a pass of \(attention.rows.counted("row")) takes "
          + "\(attention.milliseconds.rounded(toPlaces: 2)) ms behind "
          + "\(attention.context.counted("cached token")) and "
          + "\(attention.millisecondsBehindOneToken.rounded(toPlaces: 2)) ms behind one: attention "
          + "takes \(Double?(attention.share).asPercentage)")
    }
    return lines
  }
}
