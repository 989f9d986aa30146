import ArgumentParser
import Llama

/// A token and what is added to its logit, written as `15=-2.5`.
struct LogitBiasArgument: ExpressibleByArgument, Equatable {
  let token: TokenID
  let bias: Float

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let token = Int(parts[0]), token >= 0, let bias = Float(parts[1])
    else { return nil }
    (self.token, self.bias) = (token, bias)
  }
}
