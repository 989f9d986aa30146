import Llama
import Lookahead

/// Where a run first differs from plain decoding; docs/verifying.md explains the fields.
public struct RunDifference: Codable, Equatable, Sendable {
  public enum Kind: String, Codable, Sendable {
    case logits, token, length, finishReason, error
  }

  public let kind: Kind
  public let index: Int
  public private(set) var expectedToken: TokenID?
  public private(set) var foundToken: TokenID?
  public private(set) var error: String?
}

extension RunDifference {
  /// The first difference between what a run has made so far and plain decoding.
  /// - Parameter checked: how many of the run's tokens are known to be the same.
  init?(
    _ tokens: [TokenID], _ digest: LogitsDigest, from plain: PlainText, checked: Int
  ) {
    for index in checked..<tokens.count {
      guard plain.tokens.indices.contains(index) else {
        self.init(kind: .length, index: index, foundToken: tokens[index])
        return
      }
      let sameLogits = digest.prefixes[index] == plain.digest.prefixes[index]
      if !sameLogits || tokens[index] != plain.tokens[index] {
        self.init(
          kind: sameLogits ? .token : .logits, index: index, expectedToken: plain.tokens[index],
          foundToken: tokens[index])
        return
      }
    }
    return nil
  }

  /// The difference between how a run ended, all of whose tokens are the same, and plain decoding.
  init?(endOf result: GenerationResult, from plain: PlainText) {
    let count = result.tokens.count
    if count < plain.tokens.count {
      self.init(kind: .length, index: count, expectedToken: plain.tokens[count])
    } else if result.finishReason != plain.finishReason {
      self.init(kind: .finishReason, index: count)
    } else {
      return nil
    }
  }

  /// A run that ended with an error behind `index` tokens.
  init(_ error: any Error, after index: Int, from plain: PlainText) {
    let expected = plain.tokens.indices.contains(index) ? plain.tokens[index] : nil
    self.init(kind: .error, index: index, expectedToken: expected, error: "\(error)")
  }
}
