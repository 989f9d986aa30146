/// How one element of a row stands among the others.
public struct Standing: Equatable, Sendable {
  /// The place of the largest other element, of equal ones the first; nil where there is no other.
  public let rival: Int?
  public let rivalValue: Float
  /// Elements that are larger, or as large and before it, and one more.
  public let rank: Int
}

extension ArraySlice<Float> {
  /// How the element at `place`, counted from the slice's beginning, stands. NaN is never the largest.
  /// - Precondition: there is such an element.
  public func standing(of place: Int) -> Standing {
    precondition(place >= 0 && place < count, "element \(place) of \(count)")
    return withUnsafeBufferPointer { values in
      let own = values[place]
      var (rival, highest, rank): (Int?, Float, Int) = (nil, -.infinity, 1)
      for other in 0..<values.count where other != place {
        let value = values[other]
        if rival == nil || value > highest { (rival, highest) = (other, value) }
        if value > own || (value == own && other < place) { rank &+= 1 }
      }
      return Standing(rival: rival, rivalValue: highest, rank: rank)
    }
  }

  /// The place of the largest element, counted from the slice's beginning; of equal ones the first.
  /// - Precondition: there is an element.
  public var largestPlace: Int {
    precondition(!isEmpty, "no element is the largest of none")
    return withUnsafeBufferPointer { values in
      var place = 0
      for other in 1..<Swift.max(1, values.count) where values[other] > values[place] {
        place = other
      }
      return place
    }
  }
}
