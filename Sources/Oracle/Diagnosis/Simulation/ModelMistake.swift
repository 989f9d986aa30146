import Llama
import Tensor

/// How an engine can run another model, or another prompt, than it should.
public enum ModelMistake: Equatable, Sendable {
  case firstTokenMissing
  case firstTokenDoubled
  /// The model's begin-of-text token stands before the prompt.
  case beginningAdded
  case noTemplate
  case noGenerationPrompt
  /// The base of the rotary embedding.
  case ropeBase(Double)
  case noRopeScaling
  case linearRopeScaling(Double)
  /// The same weights in another format.
  case quantisation(ElementFormat)
  /// Another file, by its path.
  case otherModel(String)

  /// A name for programs.
  public var id: String {
    switch self {
    case .firstTokenMissing: "first-token-missing"
    case .firstTokenDoubled: "first-token-doubled"
    case .beginningAdded: "beginning-added"
    case .noTemplate: "no-template"
    case .noGenerationPrompt: "no-generation-prompt"
    case .ropeBase: "rope-base"
    case .noRopeScaling, .linearRopeScaling: "rope-scaling"
    case .quantisation: "quantisation"
    case .otherModel: "other-model"
    }
  }

  /// As the subject of a sentence goes on: "the engine …".
  public var words: String {
    switch self {
    case .firstTokenMissing: "reads the prompt without its first token"
    case .firstTokenDoubled: "reads the first token of the prompt twice"
    case .beginningAdded: "puts a begin-of-text token before the prompt"
    case .noTemplate: "reads the prompt without the chat template"
    case .noGenerationPrompt:
      "reads the prompt without what the chat template puts before the answer"
    case .ropeBase(let base): "rotates with the base \(base.formatted) instead of the model's"
    case .noRopeScaling: "leaves out the scaling of the rotary embedding"
    case .linearRopeScaling(let factor):
      "divides positions by \(factor.formatted) in the rotary embedding"
    case .quantisation(let format): "runs these weights in \(format.name)"
    case .otherModel(let path): "runs the model \(path.shown)"
    }
  }

  /// Rotations that are mistaken for each other: the bases of LLaMA, LLaMA 3, Code Llama and Qwen, and
  /// factors of the model's own.
  static func rotations(of configuration: LlamaConfiguration) -> [ModelMistake] {
    let bases =
      [10_000, 500_000, 1_000_000] + [0.25, 0.5, 2, 4, 10].map { $0 * configuration.ropeBase }
    let mistakes = Set(bases).filter { $0 != configuration.ropeBase }.sorted().map {
      ModelMistake.ropeBase($0)
    }
    let isScaled = configuration.ropeScaling != .unscaled
    return mistakes
      + (isScaled ? [.noRopeScaling] : [.linearRopeScaling(2), .linearRopeScaling(4)])
  }
}

extension Double {
  fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
