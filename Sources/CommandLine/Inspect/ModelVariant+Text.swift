import Llama

extension ModelVariant {
  /// Where norms stand, unless on the inputs alone.
  var normWords: String {
    var words: [String] = []
    switch normPlacement {
    case .before: break
    case .after: words.append("behind attention and feed-forward network")
    case .both: words.append("before and behind attention and feed-forward network")
    }
    switch queryKeyNorm {
    case .none: break
    case .heads: words.append("of each query and key head")
    case .projection: words.append("of all queries and of all keys")
    }
    return words.isEmpty ? "" : " " + words.joined(separator: ", ")
  }

  /// Multipliers and caps, if there are any.
  var scalingWords: String {
    [
      embeddingMultiplier == 1 ? nil : "embedding × \(embeddingMultiplier.short)",
      residualMultiplier == 1 ? nil : "outputs of blocks × \(residualMultiplier.short)",
      attentionScale.map { "attention × \($0.short)" },
      attentionCap.map { "attention capped at \($0.short)" },
      logitDivisor == 1 ? nil : "logits / \(logitDivisor.short)",
      logitCap.map { "logits capped at \($0.short)" },
    ].compactMap(\.self).joined(separator: ", ")
  }
}

extension LlamaConfiguration {
  /// What is particular of some layers, if any is: "22 with a window of 512, rotated by base 10000".
  var layerWords: String {
    let groups = Dictionary(grouping: variant.layers) { $0 }
    guard groups.count > 1 || groups.keys.first.map({ $0 != LayerVariant() }) == true else {
      return ""
    }
    return groups.map { kind, layers in
      let window = kind.window.map { "a window of \($0.grouped)" } ?? "no window"
      let rotation =
        switch kind.rotation {
        case .global: ""
        case .local: ", rotated by base \((variant.localRopeBase ?? ropeBase).short)"
        case .none: ", not rotated"
        }
      return (layers.count, "\(layers.count) with \(window)\(rotation)")
    }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }.map(\.1).joined(separator: "; ")
  }

  /// What a trace's reader has to know of layers that see less than the mask shows.
  var windowNote: String? {
    let windows = Dictionary(grouping: variant.layers.indices) { variant.layers[$0].window }
    let parts = windows.compactMap { window, layers in
      window.map {
        (layers[0], "\(layers.count) of \(layerCount) the last \($0.grouped) positions")
      }
    }.sorted { $0.0 < $1.0 }.map(\.1)
    if parts.isEmpty { return nil }
    return "Of the keys that a mask shows, layers with a window see less: "
      + parts.joined(separator: ", ") + "."
  }
}
