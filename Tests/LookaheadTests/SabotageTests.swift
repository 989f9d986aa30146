import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Shows that the scripted model detects errors: each single mistake in a mask, a position or the cache
/// changes the text, so that the tests of losslessness would fail.
@Suite struct SabotageTests {
  static let prompt = [1, 2, 3, 1, 2, 3, 1, 2]
  static let tokens = 60

  /// What is done to a model.
  struct Sabotage: Sendable {
    var pass: @Sendable (inout ScriptedModel.Pass) -> Void = { _ in }
    var keep: @Sendable ([Int]) -> [Int] = { $0 }

    func model(seed: UInt64) -> ScriptedModel {
      ScriptedModel(seed: seed, vocabularySize: 3, tamperPass: pass, tamperKeep: keep)
    }
  }

  static func decoder(_ model: ScriptedModel) throws
    -> LookaheadDecoder<ScriptedModel, GreedySelector>
  {
    try LookaheadDecoder(
      model: model, selector: GreedySelector(),
      configuration: LookaheadConfiguration(
        windowSize: 3, ngramSize: 4, candidatesPerToken: 3))
  }

  /// Whether lookahead decoding fails, by different tokens or an error, on one of several models: not
  /// every text uses every row.
  static func goesWrong(_ sabotage: Sabotage) throws -> Bool {
    for seed: UInt64 in 0..<12 {
      let truth = ScriptedModel(seed: seed, vocabularySize: 3)
        .continuation(of: prompt, count: tokens)
      var decoder = try decoder(sabotage.model(seed: seed))
      let stop = StopRules(endTokens: [], maximumTokens: tokens)
      let found: GenerationResult
      do { found = try decoder.generate(prompt: prompt, stop: stop) } catch { return true }
      if found.tokens != truth { return true }
    }
    return false
  }

  /// Rows 0 ..< 9 are the window of 3 columns and 3 levels, those after it candidates of 3 tokens.
  static let windowRows = 9

  @Test("Without sabotage the text is right and candidates are accepted")
  func untouched() throws {
    #expect(try !Self.goesWrong(Sabotage()))
    var decoder = try Self.decoder(Sabotage().model(seed: 5))
    let result = try decoder.generate(
      prompt: Self.prompt, stop: StopRules(endTokens: [], maximumTokens: Self.tokens))
    #expect(result.tokensPerPass > 1.3)
  }

  @Test("Any wrong mask cell of a row that decides a token changes the text")
  func maskCells() throws {
    // The current token's row, and the rows of the first two candidates.
    for query in [0] + Array(Self.windowRows..<Self.windowRows + 6) {
      for key in 0..<Self.windowRows + 6 {
        let sabotage = Sabotage(pass: { pass in
          guard pass.tokens.count > max(query, key), pass.cached.count > 8 else { return }
          pass.visible[query][pass.cached.count + key].toggle()
        })
        #expect(try Self.goesWrong(sabotage), "row \(query), key row \(key)")
      }
    }
  }

  @Test("A hidden cached key changes the text", arguments: [0, 1, 5, -1, -2])
  func cachedCells(index: Int) throws {
    let sabotage = Sabotage(pass: { pass in
      guard pass.cached.count > 10, pass.tokens.count > 1 else { return }
      let key = index < 0 ? pass.cached.count + index : index
      pass.visible[0][key] = false
    })
    #expect(try Self.goesWrong(sabotage))
  }

  @Test("A shifted position changes the text", arguments: [0] + Array(windowRows..<windowRows + 3))
  func positions(row: Int) throws {
    for shift in [-1, 1] {
      let sabotage = Sabotage(pass: { pass in
        if pass.positions.count > Self.windowRows, row < pass.positions.count {
          pass.positions[row] += shift
        }
      })
      #expect(try Self.goesWrong(sabotage), "shift \(shift)")
    }
  }

  @Test("A stale, missing or doubled cache row changes the text")
  func cacheRows() throws {
    let mistakes: [@Sendable ([Int]) -> [Int]] = [
      // The rows that follow each other in the pass instead of those that were accepted.
      { $0.count > 1 && $0.count < 5 ? Array(0..<$0.count) : $0 },
      { $0.count > 1 && $0.count < 5 ? Array($0.dropLast()) : $0 },
      { $0.count > 2 && $0.count < 5 ? $0.dropLast() + [$0[1]] : $0 },
      { $0.count == 1 ? [] : $0 },
    ]
    for (index, mistake) in mistakes.enumerated() {
      #expect(try Self.goesWrong(Sabotage(keep: mistake)), "mistake \(index)")
    }
  }

  @Test("A wrong mask cell or position of a window row changes the row's prediction")
  func windowRowsRead() throws {
    // No token is chosen from window rows, so a mistake in them costs speed only. It is detected here:
    // each row must attend to one token for each position up to its own, all from its own column.
    let passes = Recorder()
    let sabotage = Sabotage(pass: { passes.append($0) })
    #expect(try !Self.goesWrong(sabotage))
    var checked = 0
    for pass in passes.all where pass.tokens.count > Self.windowRows {
      #expect(Self.readsAreTexts(pass))
      for query in 1..<Self.windowRows {
        for key in 0..<Self.windowRows {
          var wrong = pass
          wrong.visible[query][pass.cached.count + key].toggle()
          #expect(!Self.readsAreTexts(wrong), "row \(query), key row \(key)")
          checked += 1
        }
        var shifted = pass
        shifted.positions[query] += 1
        #expect(!Self.readsAreTexts(shifted))
      }
    }
    #expect(checked > 500)
  }

  /// Whether each row reads exactly one token for every position from 0 to its own.
  static func readsAreTexts(_ pass: ScriptedModel.Pass) -> Bool {
    pass.tokens.indices.allSatisfy { row in
      let keys = pass.keys(seenBy: row)
      return keys.map(\.position) == Array(0...pass.positions[row])
        && keys.last == ScriptedModel.Key(position: pass.positions[row], token: pass.tokens[row])
    }
  }
}

/// Records the passes of a model.
private final class Recorder: @unchecked Sendable {
  // One decoder on one thread writes, and the test reads when it is done.
  private(set) var all: [ScriptedModel.Pass] = []

  func append(_ pass: ScriptedModel.Pass) { all.append(pass) }
}
