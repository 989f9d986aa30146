/// Makes a failing case smaller until no smaller one is found that fails.
///
/// In turn for everything that makes a case large (`CaseReduction`) it takes the smallest one that
/// still fails, over and over until nothing changes. So what it finds is smallest in the sense that no
/// single step to a smaller case fails; a case that is smaller in two respects at once may exist.
struct CaseShrinker {
  struct Result: Equatable {
    /// The smallest failing case.
    var smallest: VerificationCase
    var difference: RunDifference
    /// Cases that were tried.
    var tried = 0
    /// Whether every single step to a smaller case was tried.
    var isFinished = false
  }

  /// Cases to try at the most.
  var limit = 2_000

  /// Shrinks.
  /// - Parameters:
  ///   - failing: a case that fails.
  ///   - difference: where it does.
  ///   - fails: runs a case and says where it differs; nothing if it does not, or cannot be run. A
  ///     `CancellationError` ends the search.
  func shrink(
    _ failing: VerificationCase, _ difference: RunDifference,
    fails: (VerificationCase, _ tried: Int) throws -> RunDifference?
  ) throws -> Result {
    var result = Result(smallest: failing, difference: difference)
    do {
      var isSmaller = true
      while isSmaller {
        isSmaller = false
        for reduction in CaseReduction.allCases {
          while try reduce(&result, by: reduction, fails: fails) { isSmaller = true }
          if result.tried >= limit { return result }
        }
      }
      result.isFinished = true
    } catch is CancellationError {
      // The smallest so far.
    }
    return result
  }

  /// Takes one step, if one is found.
  private func reduce(
    _ result: inout Result, by reduction: CaseReduction,
    fails: (VerificationCase, Int) throws -> RunDifference?
  ) throws -> Bool {
    let index = result.difference.index
    for smaller in try reduction.smaller(than: result.smallest, differingAt: index) {
      if result.tried >= limit { return false }
      result.tried += 1
      if let difference = try fails(smaller, result.tried) {
        (result.smallest, result.difference) = (smaller, difference)
        return true
      }
    }
    return false
  }
}
