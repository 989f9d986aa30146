/// An object with the case's name as `kind` and the numbers of the case, as traces have it.
extension RotaryScaling: Codable {
  private enum Kind: String, Codable {
    case unscaled, linear, llama3, yarn, divided
  }

  private enum CodingKeys: String, CodingKey {
    case kind, factor, lowFrequencyFactor, highFrequencyFactor, originalContextLength, divisors
    case attentionFactor
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    switch try fields.decode(Kind.self, forKey: .kind) {
    case .unscaled: self = .unscaled
    case .linear: self = .linear(factor: try fields.decode(Double.self, forKey: .factor))
    case .llama3:
      self = .llama3(
        factor: try fields.decode(Double.self, forKey: .factor),
        lowFrequencyFactor: try fields.decode(Double.self, forKey: .lowFrequencyFactor),
        highFrequencyFactor: try fields.decode(Double.self, forKey: .highFrequencyFactor),
        originalContextLength: try fields.decode(Int.self, forKey: .originalContextLength))
    case .yarn: self = .yarn(try YarnScaling(from: decoder))
    case .divided:
      self = .divided(
        by: try fields.decode([Double].self, forKey: .divisors),
        attentionFactor: try fields.decodeIfPresent(Double.self, forKey: .attentionFactor) ?? 1)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .unscaled: try fields.encode(Kind.unscaled, forKey: .kind)
    case .linear(let factor):
      try fields.encode(Kind.linear, forKey: .kind)
      try fields.encode(factor, forKey: .factor)
    case .llama3(let factor, let low, let high, let original):
      try fields.encode(Kind.llama3, forKey: .kind)
      try fields.encode(factor, forKey: .factor)
      try fields.encode(low, forKey: .lowFrequencyFactor)
      try fields.encode(high, forKey: .highFrequencyFactor)
      try fields.encode(original, forKey: .originalContextLength)
    case .yarn(let yarn):
      try fields.encode(Kind.yarn, forKey: .kind)
      try yarn.encode(to: encoder)
    case .divided(let divisors, let attentionFactor):
      try fields.encode(Kind.divided, forKey: .kind)
      try fields.encode(divisors, forKey: .divisors)
      if attentionFactor != 1 { try fields.encode(attentionFactor, forKey: .attentionFactor) }
    }
  }
}
