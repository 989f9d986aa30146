import Foundation

/// Floats at a fixed, aligned address, freed with their last owner: weights and cached keys.
///
/// Written only while one owner holds it, read by many afterwards.
final class FloatBuffer: @unchecked Sendable {
  let count: Int
  let base: UnsafeMutablePointer<Float>
  /// What owns the memory, if that is another object.
  private let owner: FloatBuffer?

  /// Zeros.
  convenience init(count: Int) {
    self.init(uninitializedCount: count)
    base.update(repeating: 0, count: count)
  }

  /// The caller writes all values before any is read: the threads that write the weights of a model
  /// share the page faults.
  ///
  /// Large buffers use huge pages: a pass streams through all weights, and 4 kB pages cost a TLB miss
  /// every 64 cache lines.
  init(uninitializedCount count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let hugePage = 2 << 20
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: bytes >= hugePage ? hugePage : 64)
    #if os(Linux)
      if bytes >= hugePage { madvise(raw, bytes, MADV_HUGEPAGE) }
    #endif
    base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    owner = nil
  }

  /// A part of another buffer, from the float `start` on.
  init(_ owner: FloatBuffer, from start: Int, count: Int) {
    precondition(start >= 0 && count >= 0 && start + count <= owner.count, "part of a buffer")
    (self.owner, self.count) = (owner, count)
    base = owner.base + start
  }

  convenience init(copying other: FloatBuffer) {
    self.init(uninitializedCount: other.count)
    base.update(from: other.base, count: count)
  }

  deinit {
    if owner == nil { UnsafeMutableRawPointer(base).deallocate() }
  }
}
