import Synchronization

/// Shares out the items of one job: each thread has a contiguous share and goes through it in pieces,
/// the first of them half of it, the next half of what is left, down to one item. A thread that has
/// ended its own share takes pieces of the others'.
///
/// Cores are never equally fast: memory serves one before the other, the system runs something else.
/// With fixed halves everybody waits for the slower one, at the end of each of the few hundred
/// products of a pass; with pieces that shrink the wait is one item. Equally small pieces would do the
/// same, but each costs a hand-over, and what a thread fetches ahead is best what it does next.
final class WorkShares: @unchecked Sendable {
  private let parts: Int
  private let count = Atomic(0)
  /// How many pieces of each share have been taken, each number in a cache line of its own.
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

  /// Shares out `0 ..< count`. Must not run beside `forEachPiece`.
  func share(_ count: Int) {
    self.count.store(count, ordering: .relaxed)
    for part in 0..<parts { taken[part * WorkShares.spacing].store(0, ordering: .relaxed) }
  }

  /// What thread `part` does of the job.
  func forEachPiece(part: Int, _ body: (_ range: Range<Int>) -> Void) {
    let count = count.load(ordering: .relaxed)
    for offset in 0..<parts {
      let owner = (part + offset) % parts
      let start = count * owner / parts
      let length = count * (owner + 1) / parts - start
      while true {
        let piece = taken[owner * WorkShares.spacing].wrappingAdd(1, ordering: .relaxed).oldValue
        // What is left before the piece, and behind it.
        let left = length >> piece
        if left == 0 { break }
        body(start + length - left..<start + length - left / 2)
      }
    }
  }
}
