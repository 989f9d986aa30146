import Llama

/// The engine's texts as the reference judges them.
struct EngineTexts {
  let plain: [ScoredToken]?
  let speculative: [ScoredToken]?

  var plainTokens: [TokenID]? { plain?.map(\.token) }
  var speculativeTokens: [TokenID]? { speculative?.map(\.token) }
  var longest: Int { max(plain?.count ?? 0, speculative?.count ?? 0) }

  var hasDeviations: Bool {
    [plain, speculative].contains { !($0?.deviations.isEmpty ?? true) }
  }

  /// Where the two texts leave each other; nil where one is the beginning of the other.
  var parting: Place? {
    guard let plain, let speculative,
      let index = zip(plain, speculative).enumerated().first(where: { $1.0.token != $1.1.token })?
        .offset
    else { return nil }
    let (a, b) = (plain[index], speculative[index])
    return Place(
      index: index, token: b.token, other: a.token,
      margin: b.rival == a.token && b.margin.isFinite ? -b.margin : nil, rank: b.rank,
      otherRank: a.rank)
  }

  /// The first place where a text leaves the reference's.
  static func firstDeviation(_ text: [ScoredToken]) -> Place? {
    guard let index = text.deviations.first else { return nil }
    let token = text[index]
    return Place(
      index: index, token: token.token, other: token.rival,
      margin: token.margin.isFinite ? -token.margin : nil, rank: token.rank,
      otherRank: token.rival == nil ? nil : 1)
  }

  /// The last of the places where a text leaves the reference's: both texts have what is before it in
  /// common with the reference, or the shorter of them has.
  var contested: Place? {
    [speculative, plain].compactMap { $0.flatMap(Self.firstDeviation) }.max { $0.index < $1.index }
  }

  /// The reference's text as far as it is known: what the text that follows it longest has of it.
  var common: [TokenID] {
    let texts = [speculative, plain].compactMap(\.self).map { text in
      text.prefix(text.deviations.first ?? text.count).map(\.token)
    }
    return texts.max { $0.count < $1.count } ?? []
  }
}
