/// A bounded dictionary: two generations of at most `limit` keys each. When the younger one is full, the
/// older one is dropped; a key that is set again becomes young again.
struct TwoGenerations<Value> {
  private(set) var young: [UInt64: Value] = [:]
  private(set) var old: [UInt64: Value] = [:]
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  init(limit: Int, young: [UInt64: Value], old: [UInt64: Value]) {
    (self.limit, self.young, self.old) = (limit, young, old)
  }

  var count: Int { young.count + old.count }

  subscript(key: UInt64) -> Value? { young[key] ?? old[key] }

  /// Sets the value of a key, which becomes young.
  /// - Parameter change: makes it of the value before; nil for a new key.
  mutating func set(_ key: UInt64, _ change: (Value?) -> Value) {
    var known = young.removeValue(forKey: key)
    if known == nil {
      if young.count >= limit { (old, young) = (young, [:]) }
      known = old.removeValue(forKey: key)
    }
    young[key] = change(known)
  }

  /// Changes the value of a known key, which stays in its generation.
  mutating func update(_ key: UInt64, _ change: (inout Value) -> Void) {
    if var value = young.removeValue(forKey: key) {
      change(&value)
      young[key] = value
    } else if var value = old.removeValue(forKey: key) {
      change(&value)
      old[key] = value
    }
  }
}

extension TwoGenerations: Sendable where Value: Sendable {}
extension TwoGenerations: Equatable where Value: Equatable {}
