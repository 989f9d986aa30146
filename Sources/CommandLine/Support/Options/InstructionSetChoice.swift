import ArgumentParser
import Tensor

/// Which CPU instructions a command uses: those of the option, else those of the environment
/// variable LOOKAHEAD_ISA, else the best of this CPU.
enum InstructionSetChoice {
  static let variable = "LOOKAHEAD_ISA"

  /// - Parameter available: what this CPU can run, the fastest last.
  static func find(
    option: InstructionSet?, environment: [String: String],
    available: [InstructionSet] = InstructionSet.available
  ) throws -> InstructionSet {
    let names = available.map(\.rawValue).joined(separator: ", ")
    if let option {
      guard available.contains(option) else {
        throw ValidationError("This CPU cannot run \(option.rawValue), but only \(names).")
      }
      return option
    }
    guard let value = environment[variable], !value.isEmpty else {
      return available.last ?? .portable
    }
    guard let named = InstructionSet(rawValue: value) else {
      let known = InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\(variable) is '\(value)', but must be one of \(known).")
    }
    guard available.contains(named) else {
      throw ValidationError(
        "\(variable) is \(value), which this CPU cannot run, but only \(names).")
    }
    return named
  }

  /// A warning for standard error where the kernels will be very slow, with the reason.
  static func warning(for chosen: InstructionSet, best: InstructionSet) -> String? {
    if chosen.isFast { return nil }
    return best.isFast
      ? "Warning: \(chosen.rawValue) computes each fused multiply-add by a call into the system's "
        + "library, with the same results but very slowly; this CPU can run \(best.rawValue)."
      : "Warning: this CPU lacks AVX2 or FMA, so each fused multiply-add is a call into the "
        + "system's library, with the same results but very slow."
  }
}

extension InstructionSet: ExpressibleByArgument {}
