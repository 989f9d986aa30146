/// Lanes of a vector, and output features (or keys, or head dimensions) of a panel.
@inlinable public var laneCount: Int { 16 }

/// Terms of one reduction that are added in a single fused chain; the sums of such blocks are then
/// added in order. Part of the definition of every result (docs/numerics.md): changing it changes bits.
@inlinable public var reductionBlock: Int { 128 }

/// Bytes from the stored weights that are read to those that are prefetched.
@inlinable public var prefetchDistance: Int { 4096 }

/// Float32 weights, `[count][depth][laneCount]`, panels `stride` floats apart.
public struct FloatPanels {
  public let base: UnsafePointer<Float>
  public let stride: Int
  public let count: Int

  @inlinable public init(_ base: UnsafePointer<Float>, stride: Int, count: Int) {
    (self.base, self.stride, self.count) = (base, stride, count)
  }
}

/// Panels of a storage other than float32, `stride` bytes apart, from the k `firstDepth` on.
public struct StoredPanels {
  public let storage: PanelStorage
  public let base: UnsafeRawPointer
  public let stride: Int
  public let count: Int
  /// A multiple of the storage's `groupDepth`.
  public let firstDepth: Int

  @inlinable
  public init(
    _ storage: PanelStorage, _ base: UnsafeRawPointer, stride: Int, count: Int,
    from firstDepth: Int = 0
  ) {
    (self.storage, self.base, self.stride, self.count) = (storage, base, stride, count)
    self.firstDepth = firstDepth
  }
}

/// Some rows of activations, packed `[depth][rows]`.
public struct RowTile {
  public let base: UnsafePointer<Float>
  public let rows: Int
  public let depth: Int

  @inlinable public init(_ base: UnsafePointer<Float>, rows: Int, depth: Int) {
    (self.base, self.rows, self.depth) = (base, rows, depth)
  }
}

/// The sums of a product, rows `stride` floats apart.
public struct Sums {
  public let base: UnsafeMutablePointer<Float>
  public let stride: Int

  @inlinable public init(_ base: UnsafeMutablePointer<Float>, stride: Int) {
    (self.base, self.stride) = (base, stride)
  }
}

/// What a product prefetches from memory: `part` of `parts` equal parts of the panels that follow, one
/// for each row tile, so that memory is busy all the time.
public struct Prefetch {
  /// Floats from a panel to the one prefetched in its place; 0 prefetches nothing new.
  public let ahead: Int
  public let part: Int
  public let parts: Int

  @inlinable public init(ahead: Int, part: Int, of parts: Int) {
    (self.ahead, self.part, self.parts) = (ahead, part, parts)
  }

  /// Where the next panels are in the cache.
  @inlinable public static var none: Prefetch { Prefetch(ahead: 0, part: 0, of: 1) }
}
