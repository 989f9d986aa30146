/// Memory for the weights of a model, taken in large pieces.
///
/// The matrices of a small model are smaller than a huge page each; side by side in a large buffer they
/// have huge pages too, and a pass that streams through them does not wait for page tables.
public final class WeightArena {
  /// 64 MiB. Memory that is never written is not resident, so the rest of a piece costs nothing.
  private static let pieceFloats = 64 << 18
  private var piece: FloatBuffer?
  private var used = 0

  public init() {}

  /// Uninitialised memory, aligned to a cache line.
  func buffer(count: Int) -> FloatBuffer {
    let start = (used + 15) / 16 * 16
    if let piece, start + count <= piece.count {
      used = start + count
      return FloatBuffer(piece, from: start, count: count)
    }
    // Large enough for huge pages of its own.
    if count >= Self.pieceFloats / 4 { return FloatBuffer(uninitializedCount: count) }
    let new = FloatBuffer(uninitializedCount: Self.pieceFloats)
    piece = new
    used = count
    return FloatBuffer(new, from: 0, count: count)
  }
}
