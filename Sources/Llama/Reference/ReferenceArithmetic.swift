import Foundation
import Tensor

// The arithmetic of the model, a row at a time, in Double: each function is its formula, and has the
// name of the kernel it judges. Sums are added in order of their index, one rounding for each
// product and one for each addition.

/// A linear layer: `y[o] = Σ_i x[i] · weights[o, i]`, `[outputs]`. Four outputs are summed side by side,
/// which changes no sum and keeps the CPU from waiting for one addition after the other.
public func product(_ x: [Double], _ weights: Matrix) -> [Double] {
  precondition(x.count == weights.columns, "\(x.count) features for \(weights.columns) inputs")
  var y: [Double] = []
  y.reserveCapacity(weights.rows)
  for first in stride(from: 0, to: weights.rows, by: 4) {
    // Past the last output its row is taken again, and the sums are not used.
    let (a, b, c, d) = (
      weights.row(first), weights.row(min(first + 1, weights.rows - 1)),
      weights.row(min(first + 2, weights.rows - 1)), weights.row(min(first + 3, weights.rows - 1))
    )
    var sums = (0.0, 0.0, 0.0, 0.0)
    for (i, feature) in x.enumerated() {
      sums.0 += Double(a[a.startIndex + i]) * feature
      sums.1 += Double(b[b.startIndex + i]) * feature
      sums.2 += Double(c[c.startIndex + i]) * feature
      sums.3 += Double(d[d.startIndex + i]) * feature
    }
    y += [sums.0, sums.1, sums.2, sums.3].prefix(weights.rows - first)
  }
  return y
}

/// Scales a row to unit root-mean-square, then each feature by its weight:
/// `y[i] = weight[i] · x[i] / √(mean(x²) + epsilon)`.
/// Source: arXiv:1910.07467.
public func rmsNorm(_ x: [Double], weight: [Float], epsilon: Double) -> [Double] {
  precondition(weight.count == x.count, "rmsNorm: \(weight.count) scales, \(x.count) features")
  let meanSquare = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
  let rootMeanSquare = (meanSquare + epsilon).squareRoot()
  return zip(x, weight).map { $0 / rootMeanSquare * Double($1) }
}

/// Turns pair `i` of a head, features `i` and `i + h` of the first `2h`, h frequencies, by the angle
/// `position · frequencies[i]`, as points of a plane are turned about its origin, and multiplies them
/// by the attention factor.
/// Source: arXiv:2104.09864.
public func rotate(
  _ head: [Double], position: Int, frequencies: [Double], attentionFactor: Double = 1
) -> [Double] {
  let half = frequencies.count
  precondition(head.count >= 2 * half, "\(half) frequencies for \(head.count) features")
  var turned = head
  for i in 0..<half {
    let angle = Double(position) * frequencies[i]
    let (cosine, sine) = (cos(angle) * attentionFactor, sin(angle) * attentionFactor)
    turned[i] = head[i] * cosine - head[i + half] * sine
    turned[i + half] = head[i + half] * cosine + head[i] * sine
  }
  return turned
}

func rotate(_ head: [Double], position: Int, _ rotary: RotaryEmbedding) -> [Double] {
  rotate(
    head, position: position, frequencies: rotary.frequencies,
    attentionFactor: rotary.attentionFactor)
}

/// Attention weights of one query: `p_j = softmax_j(query · keys[j] · scale)`, where
/// `softmax_j(s) = exp(s_j) / Σ_k exp(s_k)`.
///
/// - Parameters:
///   - query: one head of one row, `[headDim]`.
///   - keys: the keys that the row sees, `[keys][headDim]`.
///   - scale: `1 / √headDim` if it is not given.
///   - cap: bounds the scaled scores, `cap · tanh(s / cap)`.
/// - Source: arXiv:1706.03762.
public func attentionWeights(
  query: [Double], keys: [[Double]], scale: Double? = nil, cap: Double? = nil
) -> [Double] {
  let scale = scale ?? 1 / Double(query.count).squareRoot()
  let scores = keys.map { key in
    let score = zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } * scale
    return cap.map { bounded(score, by: $0) } ?? score
  }
  // The same factor above and below the fraction; without it exp may overflow.
  let largest = scores.max() ?? 0
  let numerators = scores.map { exp($0 - largest) }
  let denominator = numerators.reduce(0, +)
  return numerators.map { $0 / denominator }
}

/// `cap · tanh(x / cap)`. Source: arXiv:2408.00118.
public func bounded(_ x: Double, by cap: Double) -> Double { cap * tanh(x / cap) }

/// `Σ_j weights[j] · values[j]`, feature by feature, over the values that a row sees,
/// `[keys][headDim]`.
public func weightedSum(_ weights: [Double], of values: [[Double]]) -> [Double] {
  var total = [Double](repeating: 0, count: values.first?.count ?? 0)
  for (weight, value) in zip(weights, values) {
    for feature in total.indices { total[feature] += weight * value[feature] }
  }
  return total
}

/// The gated activation of the feed-forward network: `f(gate[i]) · up[i]` with `f` as `Activation`
/// defines it. Source: arXiv:2002.05202.
public func gated(_ activation: Activation, gate: [Double], up: [Double]) -> [Double] {
  zip(gate, up).map { gate, up in
    switch activation {
    case .silu: gate / (1 + exp(-gate)) * up
    case .tanhGELU:
      0.5 * gate * (1 + tanh((2 / Double.pi).squareRoot() * (gate + 0.044715 * gate * gate * gate)))
        * up
    }
  }
}

/// `a[i] + b[i]`: a bias added, or a block's output to the residual stream.
func sum(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map(+) }
