/// The order in which a file stores the output features of a projection.
///
/// The rotary embedding turns pairs of features. In a Hugging Face model, the pair i of a head is
/// features i and i + headDim/2. GGUF's llama architecture was made for code that turns neighbours
/// and stores the pair i as rows 2i and 2i + 1 instead. The rest of this program knows the first
/// order only.
public enum RowOrder: Equatable, Sendable {
  case asStored
  /// Within each head of `headDim` rows, the two halves are stored alternately.
  case alternatingHalves(headDim: Int)

  /// The stored row that holds row `row` of the Hugging Face order: with
  /// `row = head * headDim + half * headDim/2 + pair`, `head * headDim + 2 * pair + half`.
  public func storedRow(of row: Int) -> Int {
    switch self {
    case .asStored: return row
    case .alternatingHalves(let headDim):
      let (head, feature) = row.quotientAndRemainder(dividingBy: headDim)
      let (half, pair) = feature.quotientAndRemainder(dividingBy: headDim / 2)
      return head * headDim + 2 * pair + half
    }
  }
}
