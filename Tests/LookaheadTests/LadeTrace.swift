import Foundation
import Llama
import TestSupport

@testable import Lookahead

/// Every pass of lade itself over some prompts, as recorded in Fixtures/golden/smollm2/lade.
struct LadeTrace: Decodable, Sendable {
  /// One prompt.
  struct Prompt: Decodable, Sendable {
    let name: String
    let outputIDs: [TokenID]
    let firstWindow: [TokenID]
    let passes: [Pass]

    private enum CodingKeys: String, CodingKey {
      case name
      case outputIDs = "output_ids"
      case firstWindow = "init_window"
      case passes = "trace"
    }
  }

  /// One pass: its rows, and the model's predictions for those that lade evaluated.
  struct Pass: Decodable, Sendable {
    let cachedCount: Int
    /// The prompt, or the current token.
    let inputIDs: [TokenID]
    /// Null for levels that are not there yet.
    let levels: [[TokenID]?]
    /// The candidates, one after the other.
    let candidates: [TokenID]?
    /// The prediction for the last input.
    let firstPrediction: TokenID
    /// The predictions for the newest level.
    let frontier: [TokenID]
    /// The predictions for the candidates.
    let candidatePredictions: [TokenID]?
    /// Cached ones and the pass's own.
    let keyCount: Int

    private enum CodingKeys: String, CodingKey {
      case cachedCount = "cache"
      case inputIDs = "input_ids"
      case levels = "past_tokens"
      case candidates = "guess_tokens"
      case firstPrediction = "first_guess"
      case frontier = "new_results"
      case candidatePredictions = "guess_results"
      case keyCount = "step_len"
    }

    var rows: Int { keyCount - cachedCount }
    var filledLevels: [[TokenID]] { levels.compactMap { $0 } }
  }

  let ngramSize: Int
  let windowSize: Int
  let candidatesPerToken: Int
  let usesPrompt: Int
  let prompts: [Prompt]

  private enum CodingKeys: String, CodingKey {
    case ngramSize = "LEVEL"
    case windowSize = "WINDOW_SIZE"
    case candidatesPerToken = "GUESS_SET_SIZE"
    case usesPrompt = "POOL_FROM_PROMPT"
    case prompts
  }

  /// The recorded settings.
  static let names = ["N4_W5_G5_pool0_seed0", "N5_W7_G7_pool0_seed0", "N5_W7_G7_pool1_seed0"]

  /// Reads a trace.
  init(name: String) throws {
    let path = FixturePath.path("golden/smollm2/lade/\(name).json")
    self = try JSONDecoder().decode(
      LadeTrace.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// The configuration of a decoder with the same passes.
  func configuration(for prompt: Prompt) throws -> LookaheadConfiguration {
    try LookaheadConfiguration(
      windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidatesPerToken,
      poolSources: usesPrompt == 0 ? .window : [.window, .prompt, .output], policy: .lade,
      firstWindow: prompt.firstWindow)
  }
}

extension LadeTrace.Prompt {
  /// The same with tokens numbered from 0 on, so that a row of logits is not as long as a vocabulary,
  /// and the number that `token` got.
  func renumbered(_ token: TokenID) -> (prompt: LadeTrace.Prompt, token: TokenID) {
    var numbers: [TokenID: TokenID] = [:]
    func number(_ token: TokenID) -> TokenID {
      let number = numbers[token] ?? numbers.count
      numbers[token] = number
      return number
    }
    let passes = passes.map { pass in
      LadeTrace.Pass(
        cachedCount: pass.cachedCount, inputIDs: pass.inputIDs.map(number),
        levels: pass.levels.map { $0?.map(number) }, candidates: pass.candidates?.map(number),
        firstPrediction: number(pass.firstPrediction), frontier: pass.frontier.map(number),
        candidatePredictions: pass.candidatePredictions?.map(number), keyCount: pass.keyCount)
    }
    let prompt = LadeTrace.Prompt(
      name: name, outputIDs: outputIDs.map(number), firstWindow: firstWindow.map(number),
      passes: passes)
    return (prompt, number(token))
  }
}

extension LadeTrace.Pass {
  /// What each row reads of this pass, said without roles: for each row the row numbers, itself last.
  func rowsRead(ngramSize: Int) -> [[Int]] {
    var read = inputIDs.indices.map { Array(0...$0) }
    let current = inputIDs.count - 1
    var starts: [Int] = []
    for (level, columns) in filledLevels.enumerated() {
      starts.append(read.count)
      for column in columns.indices {
        if level == 0 {
          read.append(Array(0...current + 1 + column))
        } else {
          // Level 0 lacks its column 0, so column c stands behind c of its tokens.
          read.append(
            Array(0..<starts[0] + column) + (1...level).map { starts[$0] + column })
        }
      }
    }
    for index in (candidates ?? []).indices {
      let offset = index % (ngramSize - 1)
      let first = starts[0] + filledLevels.map(\.count).reduce(0, +) + index - offset
      read.append(Array(0...current) + Array(first...first + offset))
    }
    return read
  }
}
