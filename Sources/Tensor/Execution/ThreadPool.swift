import CKernelSupport
import Foundation
import Synchronization

/// Threads that run one job together, again and again: the caller, and workers that wait for jobs.
///
/// A pass of a small model is a few hundred jobs of some tens of microseconds. Waking a thread costs
/// as much, so waiting workers first spin, and sleep only when no job has come for a while. A job is
/// cut into as many parts as there are threads, and whichever thread is free takes the next one: when
/// the system runs something else on a worker's core, the caller does the worker's part instead of
/// waiting for it.
final class ThreadPool: Sendable {
  let threadCount: Int
  private let shared: Shared
  private let oneJobAtATime = Mutex(())
  private let shares: WorkShares

  /// How often a waiting worker looks for a job before it sleeps: a few milliseconds.
  private static let spins = 50_000

  /// - Parameter threadCount: at least 1, the caller included. Where the system refuses a thread, the
  ///   others do its parts.
  init(threadCount: Int) {
    precondition(threadCount >= 1, "a pool of \(threadCount) threads")
    let shared = Shared(parts: threadCount)
    for _ in 1..<threadCount {
      Thread.detachNewThread { shared.work(spins: ThreadPool.spins) }
    }
    self.threadCount = threadCount
    self.shared = shared
    shares = WorkShares(parts: threadCount)
  }

  deinit { shared.end() }

  /// Runs `job(part)` once for each `part` in `0 ..< threadCount`, if possible at the same time, and
  /// returns when all have ended. A job must not start another on the same pool.
  func run(_ job: (_ part: Int) -> Void) {
    if threadCount == 1 { return job(0) }
    oneJobAtATime.withLock { _ in
      withoutActuallyEscaping(job) { shared.run($0) }
    }
  }

  /// Runs `body` on ranges that together are `0 ..< count`: each thread goes through a contiguous
  /// share in a few pieces, and then helps those that are behind (`WorkShares`).
  func forEachRange(of count: Int, _ body: (_ range: Range<Int>) -> Void) {
    if threadCount == 1 || count <= 1 { return count == 0 ? () : body(0..<count) }
    oneJobAtATime.withLock { _ in
      shares.share(count)
      withoutActuallyEscaping(body) { body in
        shared.run { part in self.shares.forEachPiece(part: part, body) }
      }
    }
  }

  /// The state that the caller and the workers share.
  ///
  /// `ticket` holds the number of the job in its upper half and the next part to be taken in its lower
  /// half. A thread owns a part when it has raised the lower half by one; only then does it read
  /// `job`, which does not change until all parts have ended.
  private final class Shared: @unchecked Sendable {
    private let ticket = Atomic<UInt64>(0)
    private let unfinished = Atomic<Int>(0)
    private let sleeping = Atomic<Int>(0)
    private let ended = Atomic<Bool>(false)
    private let parts: Int
    private var job: ((Int) -> Void)?
    private let awake = NSCondition()

    init(parts: Int) { self.parts = parts }

    /// Publishes a job, takes part in it and returns when all of it is done.
    ///
    /// The caller holds a lock, which orders it behind the caller before. The loads and stores of
    /// `unfinished` repeat that for ThreadSanitizer, which does not see the lock inside the standard
    /// library.
    func run(_ job: @escaping (Int) -> Void) {
      let left = unfinished.load(ordering: .acquiring)
      assert(left == 0, "\(left) parts of the last job have not ended")
      self.job = job
      unfinished.store(parts, ordering: .relaxed)
      let number = ((ticket.load(ordering: .relaxed) >> 32) &+ 1) & 0xFFFF_FFFF
      ticket.store(number << 32, ordering: .sequentiallyConsistent)
      wakeSleepers()
      takeParts(ofJob: number)
      var looks = 0
      while unfinished.load(ordering: .acquiring) != 0 {
        looks += 1
        if looks % 4_096 == 0 { sched_yield() } else { kernel_spin_hint() }
      }
      self.job = nil
      unfinished.store(0, ordering: .releasing)
    }

    func end() {
      ended.store(true, ordering: .sequentiallyConsistent)
      wakeSleepers()
    }

    func work(spins: Int) {
      var seen: UInt64 = 0
      while let number = waitForJob(after: seen, spins: spins) {
        takeParts(ofJob: number)
        seen = number
      }
    }

    private func takeParts(ofJob number: UInt64) {
      while let part = takePart(ofJob: number) {
        perform(part)
        unfinished.subtract(1, ordering: .releasing)
      }
    }

    /// The next part of the job, unless another job has followed it or no part is left.
    private func takePart(ofJob number: UInt64) -> Int? {
      var current = ticket.load(ordering: .acquiring)
      while current >> 32 == number, current & 0xFFFF_FFFF < parts {
        let (taken, found) = ticket.compareExchange(
          expected: current, desired: current + 1, ordering: .acquiringAndReleasing)
        if taken { return Int(current & 0xFFFF_FFFF) }
        current = found
      }
      return nil
    }

    /// A function of its own, so that its reference to the job, which does not escape `run`, has ended
    /// when the part is reported as done.
    @inline(never)
    private func perform(_ part: Int) { job?(part) }

    /// The number of the next job; nil when the pool has ended.
    private func waitForJob(after seen: UInt64, spins: Int) -> UInt64? {
      for _ in 0..<spins {
        if let number = nextJob(after: seen) { return number }
        if ended.load(ordering: .relaxed) { return nil }
        kernel_spin_hint()
      }
      awake.lock()
      defer { awake.unlock() }
      sleeping.add(1, ordering: .sequentiallyConsistent)
      defer { sleeping.subtract(1, ordering: .sequentiallyConsistent) }
      while true {
        if let number = nextJob(after: seen) { return number }
        if ended.load(ordering: .sequentiallyConsistent) { return nil }
        awake.wait()
      }
    }

    private func nextJob(after seen: UInt64) -> UInt64? {
      let number = ticket.load(ordering: .sequentiallyConsistent) >> 32
      return number == seen ? nil : number
    }

    private func wakeSleepers() {
      guard sleeping.load(ordering: .sequentiallyConsistent) > 0 else { return }
      awake.withLock { awake.broadcast() }
    }
  }
}
