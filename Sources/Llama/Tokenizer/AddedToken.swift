/// A token that is found in text as a whole, before pre-tokenization, such as `<|im_end|>`.
struct AddedToken: Equatable, Sendable {
  /// The longest spelling in bytes; it bounds the time of a search.
  static let spellingLimit = 256
  /// The most bytes of all spellings together: the search table takes about 20 times that.
  static let totalLimit = 1 << 20

  /// UTF-8.
  var content: [UInt8]
  var id: TokenID
  /// Whether it controls the model rather than standing for text: decoding can omit it, and
  /// untrusted text is encoded without it.
  var isSpecial: Bool
  /// Whether white space before it belongs to it (`lstrip`).
  var takesSpaceBefore = false
  /// Whether white space after it belongs to it (`rstrip`).
  var takesSpaceAfter = false
  /// Whether it is only found where neither neighbour is part of a word (`single_word`).
  var isSingleWord = false
  /// Whether it is searched for in normalized text, itself normalized.
  var isNormalized = false
}

/// Finds added tokens in text: at each place the longest that begins there, left to right.
///
/// The spellings form a trie of bytes with all edges in one table: a table for each node would take a
/// hundred times their own size. A table of first bytes skips the bytes that begin no token.
struct AddedTokenMatcher: Sendable {
  enum Segment: Equatable {
    case token(TokenID)
    /// Text between added tokens, never empty.
    case text(ArraySlice<UInt8>)
  }

  private struct Edge: Hashable {
    var node: Int32
    var byte: UInt8
  }

  private let tokens: [AddedToken]
  /// The node that each edge leads to; node 0 is the root.
  private var edges: [Edge: Int32] = [:]
  /// Indices in `tokens` of those that end at a node.
  private var tokenOfNode: [Int32: Int] = [:]
  private var isFirstByte = [Bool](repeating: false, count: 256)

  init(_ tokens: [AddedToken]) {
    self.tokens = tokens
    for (index, token) in tokens.enumerated() {
      var node: Int32 = 0
      for byte in token.content {
        if node == 0 { isFirstByte[Int(byte)] = true }
        let edge = Edge(node: node, byte: byte)
        // Every node but the root has one edge that leads to it.
        node = edges[edge] ?? Int32(edges.count + 1)
        edges[edge] = node
      }
      tokenOfNode[node] = index
    }
  }

  /// Passes the parts of `text`, UTF-8, to `body` in order. Unless `findsSpecial`, the spelling of a
  /// special token is text.
  func forEachSegment(
    of text: ArraySlice<UInt8>, findsSpecial: Bool, _ body: (Segment) -> Void
  ) {
    var textStart = text.startIndex
    var index = text.startIndex
    // The last run of white space, which is scanned only once for all tokens in it.
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
