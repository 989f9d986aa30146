extension InspectionReport {
  var summary: [String] {
    let a = architecture
    let biases = [
      a.hasAttentionBias ? "attention" : nil, a.hasFeedForwardBias ? "feed-forward" : nil,
    ].compactMap(\.self)
    return [
      line("path", model.path),
      line("format", model.format),
      line("sha256", model.sha256),
      line("parameters", model.parameters.grouped),
      line(
        "architecture",
        "LLaMA, \(a.layerCount.counted("layer")), context \(a.contextLength.grouped)"),
      line("vocabulary", "\(a.vocabularySize.grouped) tokens"),
      line("hidden size", "\(a.hiddenSize), feed-forward \(a.intermediateSize)"),
      line(
        "attention",
        a.attentionHeads.counted("query head") + ", " + a.kvHeads.counted("key-value head")
          + ", head size \(a.headDim)"),
      line("rotary", "base \(a.ropeBase.short), scaling \(a.ropeScaling.words)"),
      line("norm", "RMS, epsilon \(a.rmsNormEpsilon)"),
      line("biases", biases.isEmpty ? "none" : biases.joined(separator: ", ")),
      line("output head", a.tiesEmbeddings ? "tied to the embedding" : "separate"),
      line("begin token", a.bosTokenID.map(String.init) ?? "none"),
      line("end tokens", a.eosTokenIDs.map(String.init).joined(separator: ", ")),
      line("tokenizer", tokenizer ?? "none"),
      line("chat template", chatTemplate),
      line(
        "memory",
        "\(memory.weights.inBytes) for the weights, \(memory.weightsAsFloat32.inBytes) as float32; "
          + "\(memory.cachePerThousandTokens.inBytes) of cache for each 1,000 tokens"),
    ]
  }

  var formatLines: [String] {
    formats.enumerated().map { index, format in
      line(
        index == 0 ? "tensors" : "",
        "\(format.tensors) in \(format.name): \(format.elements.grouped) elements, "
          + format.bytes.inBytes)
    }
  }

  var tensorLines: [String] {
    let names = tensors.map(\.storedName.onOneLine)
    let width = names.map(\.count).max() ?? 0
    return zip(names, tensors).map { name, tensor in
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      return "\(name.padded(to: width))  \(tensor.format.name.padded(to: 5))  \(shape)"
    }
  }

  /// Some values are text from the model's files.
  private func line(_ name: String, _ value: String) -> String {
    name.padded(to: 15) + value.onOneLine
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
