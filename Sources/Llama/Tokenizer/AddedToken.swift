/// A token that is found in text as a whole, before the text is cut and merged: `<|im_end|>` and
/// the like.
struct AddedToken: Equatable, Sendable {
  /// The longest spelling, in bytes: at every place of a text as many bytes may be looked at.
  static let spellingLimit = 256
  /// The longest that all spellings may be together, in bytes: finding them takes a table of some 20
  /// times that.
  static let totalLimit = 1 << 20

  /// Its spelling, UTF-8.
  var content: [UInt8]
  /// Its id.
  var id: TokenID
  /// Whether it steers the model rather than standing for text: decoding can leave it out, and
  /// text that must not be trusted is encoded without it.
  var isSpecial: Bool
  /// Whether white space before it belongs to it (`lstrip`).
  var takesSpaceBefore = false
  /// Whether white space after it belongs to it (`rstrip`).
  var takesSpaceAfter = false
  /// Whether it is only found where neither neighbour is part of a word (`single_word`).
  var isSingleWord = false
  /// Whether it is looked for in normalized text, itself normalized.
  var isNormalized = false
}

/// Finds added tokens in text: at each place the longest that begins there, left to right.
///
/// Patterns stand in a tree of bytes, whose edges are in one table: a table for each node would take
/// a hundred times the patterns' own size. Most bytes of a text begin no pattern, and a table of
/// first bytes passes over them.
struct AddedTokenMatcher: Sendable {
  /// A part of a text.
  enum Segment: Equatable {
    /// An added token.
    case token(TokenID)
    /// Text between two, never empty.
    case text(ArraySlice<UInt8>)
  }

  private struct Edge: Hashable {
    var node: Int32
    var byte: UInt8
  }

  private var tokens: [AddedToken] = []
  /// The node that each edge leads to; node 0 is the root.
  private var edges: [Edge: Int32] = [:]
  /// Places in `tokens` of those whose patterns end at a node.
  private var tokenOfNode: [Int32: Int] = [:]
  private var isFirstByte = [Bool](repeating: false, count: 256)

  /// A matcher of `tokens`, each found as `pattern(token)`.
  init(_ tokens: [AddedToken], pattern: (AddedToken) -> [UInt8]) {
    for token in tokens {
      var node: Int32 = 0
      for byte in pattern(token) {
        if node == 0 { isFirstByte[Int(byte)] = true }
        let edge = Edge(node: node, byte: byte)
        // Every node but the root has one edge that leads to it.
        node = edges[edge] ?? Int32(edges.count + 1)
        edges[edge] = node
      }
      tokenOfNode[node] = self.tokens.count
      self.tokens.append(token)
    }
  }

  /// Passes the parts of `text`, in order, to `body`.
  ///
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - findsSpecial: whether special tokens are found; otherwise their spelling is text.
  func forEachSegment(
    of text: ArraySlice<UInt8>, findsSpecial: Bool, _ body: (Segment) -> Void
  ) {
    var textStart = text.startIndex
    var index = text.startIndex
    // White space that was seen already, so that no run of it is gone through for every token in it.
    var spaces = index..<index
    while index < text.endIndex {
      guard isFirstByte[Int(text[index])], let match = longestMatch(in: text, at: index) else {
        index += 1
        continue
      }
      let token = tokens[match.token]
      let found = index..<match.end
      index = match.end
      if token.isSpecial && !findsSpecial { continue }
      if token.isSingleWord && !isSingleWord(found, in: text) { continue }
      var (start, end) = (found.lowerBound, found.upperBound)
      if token.takesSpaceBefore {
        start = spaceStart(before: start, in: text[min(textStart, start)...])
      }
      if token.takesSpaceAfter {
        if end < spaces.lowerBound || end > spaces.upperBound {
          spaces = end..<ScalarScanner(text: text).end(of: end, ofClass: .space)
        }
        end = spaces.upperBound
      }
      if textStart < start { body(.text(text[textStart..<start])) }
      body(.token(token.id))
      textStart = end
    }
    if textStart < text.endIndex { body(.text(text[textStart...])) }
  }

  private func longestMatch(
    in text: ArraySlice<UInt8>, at start: Int
  ) -> (token: Int, end: Int)? {
    var node: Int32 = 0
    var match: (token: Int, end: Int)?
    var index = start
    while index < text.endIndex, let child = edges[Edge(node: node, byte: text[index])] {
      node = child
      index += 1
      if let token = tokenOfNode[node] { match = (token, index) }
    }
    return match
  }

  private func isSingleWord(_ found: Range<Int>, in text: ArraySlice<UInt8>) -> Bool {
    let before = scalar(before: found.lowerBound, in: text)
    let after = ScalarScanner(text: text).scalar(at: found.upperBound)
    return before?.scalar.isWordPart != true && after?.scalar.isWordPart != true
  }

  private func spaceStart(before end: Int, in text: ArraySlice<UInt8>) -> Int {
    var start = end
    while let (scalar, index) = scalar(before: start, in: text), scalar.properties.isWhitespace {
      start = index
    }
    return start
  }

  private func scalar(
    before end: Int, in text: ArraySlice<UInt8>
  ) -> (scalar: Unicode.Scalar, start: Int)? {
    let head = text[..<end]
    guard let start = head.lastIndex(where: { $0 & 0xC0 != 0x80 }),
      let (scalar, _) = ScalarScanner(text: head).scalar(at: start)
    else { return nil }
    return (scalar, start)
  }
}

extension Unicode.Scalar {
  /// Whether this can be part of a word, as `\w` of Unicode Technical Standard 18, annex C.
  fileprivate var isWordPart: Bool {
    if properties.isAlphabetic || properties.isJoinControl { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default:
      return false
    }
  }
}
