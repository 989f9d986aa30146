/// The kinds of files and folders that can be compared.
public enum RecordingKind: String, Encodable, Sendable, CaseIterable {
  /// The folder that `lookahead trace` writes.
  case trace
  /// One safetensors file: tensors of one pass, by name.
  case safetensors
  /// One array, as NumPy's `save` writes it.
  case numPy = "npy"
  /// What llama.cpp's perplexity tool writes for `--save-all-logits`.
  case llamaCpp = "llama.cpp"
  /// JSON with log-probabilities as in answers of OpenAI's completions.
  case completion = "logprobs"

  /// With its article, for a sentence.
  public var words: String {
    switch self {
    case .trace: "a trace"
    case .safetensors: "a safetensors file"
    case .numPy: "a NumPy array"
    case .llamaCpp: "a file of logits of llama.cpp's perplexity tool"
    case .completion: "JSON with the logprobs of a completion"
    }
  }
}
