extension InspectionReport {
  typealias Row = (name: String, text: String)

  /// Names and values, of which some are text from the model's files.
  var summary: [Row] {
    let a = architecture
    let biases = [
      a.hasAttentionBias ? "attention" : nil, a.hasFeedForwardBias ? "feed-forward" : nil,
    ].compactMap(\.self)
    return [
      ("path", model.path),
      ("format", model.format),
      ("sha256", model.sha256),
      ("parameters", model.parameters.grouped),
      (
        "architecture",
        "\(a.variant.family.name), \(a.layerCount.counted("layer")), context "
          + a.contextLength.grouped
      ),
      ("vocabulary", "\(a.vocabularySize.grouped) tokens"),
      ("hidden size", "\(a.hiddenSize), feed-forward \(a.intermediateSize)"),
      (
        "attention",
        a.attentionHeads.counted("query head") + ", " + a.kvHeads.counted("key-value head")
          + ", head size \(a.headDim)"
      ),
      ("rotary", "base \(a.ropeBase.short), scaling \(a.ropeScaling.words)"),
      ("norm", "RMS\(a.variant.normWords), epsilon \(a.rmsNormEpsilon)"),
      ("biases", biases.isEmpty ? "none" : biases.joined(separator: ", ")),
      ("layers", a.layerWords),
      ("scaling", a.variant.scalingWords),
      ("output head", a.tiesEmbeddings ? "tied to the embedding" : "separate"),
      ("begin token", a.bosTokenID.map(String.init) ?? "none"),
      ("end tokens", a.eosTokenIDs.map(String.init).joined(separator: ", ")),
      ("tokenizer", tokenizer ?? "none"),
      ("chat template", chatTemplate),
      (
        "arithmetic",
        arithmetic == .exact
          ? "exact" : "\(arithmetic.rawValue) for text, exact in trace, forward, compare and verify"
      ),
      (
        "memory",
        "\(memory.weights.inBytes) for the weights, \(memory.weightsAsFloat32.inBytes) as float32; "
          + "\(memory.cachePerThousandTokens.inBytes) of cache for each 1,000 tokens, "
          + "\(memory.float16CachePerThousandTokens.inBytes) as float16"
      ),
    ].filter { !$0.text.isEmpty }
  }

  var formatRows: [Row] {
    formats.enumerated().map { index, format in
      (
        index == 0 ? "tensors" : "",
        "\(format.tensors) in \(format.name): \(format.elements.grouped) elements, "
          + format.bytes.inBytes
      )
    }
  }

  /// The tensors that nothing reads, if there are any.
  var unreadRows: [Row] {
    guard let first = unreadTensors.first else { return [] }
    let others = unreadTensors.count - 1
    let text = first.onOneLine + (others == 0 ? "" : " and \(others) more")
    return [("not read", text)]
  }

  var tensorLines: [String] {
    let names = tensors.map(\.storedName.onOneLine)
    let width = names.map(\.count).max() ?? 0
    return zip(names, tensors).map { name, tensor in
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      return "\(name.padded(to: width))  \(tensor.format.name.padded(to: 5))  \(shape)"
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
