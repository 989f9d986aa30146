/// The numerators of softmax: `y[i] = exp(x[i] - max(x))`, so that the largest is 1.
///
/// The same bits on every instruction set: the exponential is the project's own (within 1 ulp; 0
/// where `x[i]` is more than 87 below the maximum, and where it is -∞).
/// - Parameters:
///   - logits: `[vocabularySize]`, at least one of them finite, none of them NaN or +∞; otherwise
///     NaN comes out.
///   - instructionSet: one that this CPU can run; the fastest if it is not given.
/// - Returns: `[vocabularySize]`, from 0 to 1.
public func softmaxNumerators(
  _ logits: [Float], instructionSet: InstructionSet? = nil
) -> [Float] {
  let kernels = instructionSet?.kernels ?? fastestKernels
  var numerators = logits
  numerators.withUnsafeMutableBufferPointer { buffer in
    // The kernel's sum is in Float; whoever decides something by a sum adds in Double.
    if let base = buffer.baseAddress { _ = kernels.exponentiate(base, count: buffer.count) }
  }
  return numerators
}

/// Looked up once: asking the CPU what it can do takes longer than a small softmax.
private let fastestKernels = InstructionSet.best.kernels
