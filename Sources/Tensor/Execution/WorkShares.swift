import Synchronization

/// Divides the items of one job among threads (docs/decisions/0052): each thread has a contiguous
/// share and takes it in pieces, the first of them half of it, the next half of the rest, down to one
/// item. A thread that has finished its own share takes pieces of the others'.
///
/// Cores are never equally fast. With fixed shares all threads wait for the slowest at the end of each
/// product; with shrinking pieces they wait for one item at most. Equally small pieces would cost more
/// atomic operations, and a thread would prefetch weights that another one uses.
final class WorkShares: @unchecked Sendable {
  private let parts: Int
  private let count = Atomic(0)
  /// Pieces taken of each share, each count in a cache line of its own.
  private let taken: UnsafeMutablePointer<Atomic<Int>>
  private static let spacing = 16

  /// - Parameter parts: threads, at least 1.
  init(parts: Int) {
    self.parts = parts
    taken = .allocate(capacity: parts * WorkShares.spacing)
    for index in 0..<parts * WorkShares.spacing { (taken + index).initialize(to: Atomic(0)) }
  }

  deinit {
    taken.deinitialize(count: parts * WorkShares.spacing)
    taken.deallocate()
  }

  /// Starts a job of `count` items. Must not run concurrently with `forEachPiece`.
  func share(_ count: Int) {
    self.count.store(count, ordering: .relaxed)
    for part in 0..<parts { taken[part * WorkShares.spacing].store(0, ordering: .relaxed) }
  }

  func forEachPiece(part: Int, _ body: (_ range: Range<Int>) -> Void) {
    let count = count.load(ordering: .relaxed)
    for offset in 0..<parts {
      let owner = (part + offset) % parts
      let start = count * owner / parts
      let length = count * (owner + 1) / parts - start
      while true {
        let piece = taken[owner * WorkShares.spacing].wrappingAdd(1, ordering: .relaxed).oldValue
        // The items that remained before the piece; half of them remain after it.
        let left = length >> piece
        if left == 0 { break }
        body(start + length - left..<start + length - left / 2)
      }
    }
  }
}
