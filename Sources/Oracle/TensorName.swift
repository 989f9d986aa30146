import Llama

/// What a tensor of a trace holds, and how its file spells it: the names by which two traces, or a
/// trace and what another backend wrote, find their counterparts.
public enum TensorName: Hashable, Sendable {
  /// Logits of the requested rows, `[logitRows, vocabularySize]`: `logits`.
  case logits
  /// Hidden states after the embedding (layer 0) or after block `layer` (1 … layerCount),
  /// `[rows, hiddenSize]`: `hidden.0`, `hidden.1`, …
  case hidden(layer: Int)
  /// Attention weights of block `layer` (1 … layerCount), `[rows, attentionHeads, keys]`, 0 where a
  /// row does not see a key: `attention.1`, …
  case attention(layer: Int)

  public var spelling: String {
    switch self {
    case .logits: "logits"
    case .hidden(let layer): "hidden.\(layer)"
    case .attention(let layer): "attention.\(layer)"
    }
  }

  /// Reads a name; none if it is no name of a trace, or of a block that no model has.
  public init?(_ spelling: some StringProtocol) {
    if spelling == "logits" {
      self = .logits
      return
    }
    let parts = spelling.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let layer = Int(parts[1]), String(layer) == parts[1],
      0...LlamaConfiguration.layerLimit ~= layer
    else { return nil }
    switch parts[0] {
    case "hidden": self = .hidden(layer: layer)
    case "attention" where layer > 0: self = .attention(layer: layer)
    default: return nil
    }
  }
}
