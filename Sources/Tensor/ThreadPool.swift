import CKernelSupport
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Threads that run one job together, again and again: the caller is thread 0, the others wait.
///
/// A pass of a small model is a few hundred jobs of some tens of microseconds. Waking a thread costs
/// as much, so the waiting threads first spin, and sleep only when no job has come for a while.
final class ThreadPool: Sendable {
  let threadCount: Int
  private let shared: Shared
  private let oneJobAtATime = Mutex(())

  /// How often a waiting thread looks for a job before it sleeps: some tens of milliseconds.
  private static let spins = 100_000

  /// - Parameter threadCount: at least 1, the caller included.
  init(threadCount: Int) {
    precondition(threadCount >= 1, "a pool of \(threadCount) threads")
    let shared = Shared()
    // Where a thread cannot be had, the others do its part: the split is by the number there are.
    var started = 1
    while started < threadCount, ThreadPool.startWorker(started, shared) { started += 1 }
    self.threadCount = started
    self.shared = shared
  }

  deinit { shared.publish(job: nil, workers: 0) }

  /// Runs `job(thread)` once for each `thread` in `0 ..< threadCount`, at the same time, and returns
  /// when all have ended. A job must not start another on the same pool.
  func run(_ job: (_ thread: Int) -> Void) {
    if threadCount == 1 { return job(0) }
    oneJobAtATime.withLock { _ in
      withoutActuallyEscaping(job) { job in
        shared.publish(job: job, workers: threadCount - 1)
        job(0)
        shared.waitForWorkers()
      }
    }
  }

  /// Splits `0 ..< count` into one contiguous range for each thread, their lengths differing by at
  /// most one, and runs `body` on those that are not empty.
  func forEachRange(of count: Int, _ body: (_ range: Range<Int>) -> Void) {
    if count <= 1 { return count == 1 ? body(0..<1) : () }
    run { thread in
      let range = count * thread / threadCount..<count * (thread + 1) / threadCount
      if !range.isEmpty { body(range) }
    }
  }

  private static func startWorker(_ thread: Int, _ shared: Shared) -> Bool {
    let worker = Unmanaged.passRetained(Worker(thread: thread, shared: shared))
    #if canImport(Darwin)
      var handle: pthread_t?
    #else
      var handle = pthread_t()
    #endif
    let status = pthread_create(
      &handle, nil,
      { argument in
        #if canImport(Darwin)
          let worker = Unmanaged<Worker>.fromOpaque(argument).takeRetainedValue()
        #else
          guard let argument else { return nil }
          let worker = Unmanaged<Worker>.fromOpaque(argument).takeRetainedValue()
        #endif
        worker.shared.work(as: worker.thread, spins: ThreadPool.spins)
        return nil
      }, worker.toOpaque())
    guard status == 0 else {
      worker.release()
      return false
    }
    #if canImport(Darwin)
      if let handle { pthread_detach(handle) }
    #else
      pthread_detach(handle)
    #endif
    return true
  }

  private final class Worker: Sendable {
    let thread: Int
    let shared: Shared

    init(thread: Int, shared: Shared) {
      self.thread = thread
      self.shared = shared
    }
  }

  /// What the caller and the workers share. `job` is written before `generation` is raised and read
  /// after the raise was seen, which orders the two accesses.
  private final class Shared: @unchecked Sendable {
    private let generation = Atomic<Int>(0)
    private let running = Atomic<Int>(0)
    private let sleeping = Atomic<Int>(0)
    private var job: ((Int) -> Void)?
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let awake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(awake, nil)
    }

    deinit {
      pthread_cond_destroy(awake)
      pthread_mutex_destroy(mutex)
      awake.deallocate()
      mutex.deallocate()
    }

    /// Hands a job to the workers; none tells them to end.
    func publish(job: ((Int) -> Void)?, workers: Int) {
      self.job = job
      running.store(workers, ordering: .relaxed)
      generation.add(1, ordering: .sequentiallyConsistent)
      guard sleeping.load(ordering: .sequentiallyConsistent) > 0 else { return }
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(awake)
      pthread_mutex_unlock(mutex)
    }

    func waitForWorkers() {
      var looks = 0
      while running.load(ordering: .acquiring) != 0 {
        looks += 1
        if looks % 4_096 == 0 { sched_yield() } else { kernel_spin_hint() }
      }
      job = nil
    }

    func work(as thread: Int, spins: Int) {
      var seen = 0
      while true {
        waitForJob(after: seen, spins: spins)
        seen = generation.load(ordering: .acquiring)
        guard perform(as: thread) else { return }
        running.subtract(1, ordering: .releasing)
      }
    }

    /// Runs the job, if there is one. A function of its own, so that its hold on the job, which is
    /// only lent, has ended when the caller reports that the job is done.
    @inline(never)
    private func perform(as thread: Int) -> Bool {
      guard let job else { return false }
      job(thread)
      return true
    }

    private func waitForJob(after seen: Int, spins: Int) {
      for _ in 0..<spins {
        if generation.load(ordering: .acquiring) != seen { return }
        kernel_spin_hint()
      }
      pthread_mutex_lock(mutex)
      sleeping.add(1, ordering: .sequentiallyConsistent)
      while generation.load(ordering: .sequentiallyConsistent) == seen {
        pthread_cond_wait(awake, mutex)
      }
      sleeping.subtract(1, ordering: .sequentiallyConsistent)
      pthread_mutex_unlock(mutex)
    }
  }
}
