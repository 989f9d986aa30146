/// The spellings of a vocabulary: id to bytes and back.
///
/// All bytes are in one array, so that a token takes 14 bytes beside its own, where an array and a
/// dictionary entry for each would take 140. Ids are found by linear probing in a table that is at
/// most three quarters full, from Swift's seeded hash, so that a file cannot provoke collisions.
struct SpellingTable: Sendable {
  /// A range of `bytes`; a negative count is an id without a spelling.
  private struct Place {
    var start: Int32
    var count: Int32

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }

    static let none = Place(start: 0, count: -1)
  }

  private var bytes: [UInt8] = []
  /// Index = id.
  private var places: [Place] = []
  /// Ids by the hash of their spelling, -1 where there is none; the count is a power of two.
  private var slots: [Int32]
  private var used = 0

  /// An empty table with room for `capacity` spellings.
  init(capacity: Int) {
    var slotCount = 16
    while 3 * slotCount < 4 * capacity { slotCount *= 2 }
    slots = Array(repeating: -1, count: slotCount)
    places.reserveCapacity(capacity)
  }

  /// One more than the largest id.
  var count: Int { places.count }

  /// The spelling of an id; nil where it has none.
  subscript(id: Int) -> ArraySlice<UInt8>? {
    guard places.indices.contains(id), places[id].count >= 0 else { return nil }
    return bytes[places[id].range]
  }

  func id(of spelling: ArraySlice<UInt8>) -> Int? {
    let id = slots[slot(of: spelling)]
    return id < 0 ? nil : Int(id)
  }

  /// Whether there is room for a spelling: 2 GB for all together.
  func hasRoom(for spelling: [UInt8]) -> Bool {
    bytes.count + spelling.count <= Int(Int32.max)
  }

  /// Adds a spelling under an id that has none, unless the spelling has another id.
  /// - Returns: whether it was added.
  /// - Precondition: `id` is not negative, and an `Int32`; there is room.
  mutating func insert(_ spelling: [UInt8], id: Int) -> Bool {
    if 4 * (used + 1) > 3 * slots.count { grow() }
    let slot = slot(of: spelling[...])
    guard slots[slot] < 0 else { return false }
    while places.count <= id { places.append(.none) }
    places[id] = Place(start: Int32(bytes.count), count: Int32(spelling.count))
    bytes += spelling
    slots[slot] = Int32(id)
    used += 1
    return true
  }

  /// The slot of a spelling's id, or the empty one for it.
  private func slot(of spelling: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    for byte in spelling { hasher.combine(byte) }
    var slot = hasher.finalize() & (slots.count - 1)
    while slots[slot] >= 0, self[Int(slots[slot])] != spelling {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: 2 * slots.count)
    for id in places.indices {
      if let spelling = self[id] { slots[slot(of: spelling)] = Int32(id) }
    }
  }
}
