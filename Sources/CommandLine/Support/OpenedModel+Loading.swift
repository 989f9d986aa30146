import Foundation
import Llama
import Session
import Tensor

extension OpenedModel {
  /// Reads the weights, if there is memory for `use`. On a terminal, shows the progress.
  /// - Returns: the model, and the seconds that opening and reading took.
  func load(
    path: MatrixProductPath, storage: WeightStorage, cacheFormat: KeyValueFormat,
    on executor: Executor, use: ModelUse
  ) throws -> (model: LlamaModel, seconds: Double) {
    let clock = ContinuousClock()
    let begin = clock.now
    let model = try showingProgress {
      try load(
        path: path, storage: storage, cacheFormat: cacheFormat, on: executor, use: use,
        onProgress: $0)
    }
    return (model, seconds + begin.duration(to: clock.now) / .seconds(1))
  }

  /// Reads the weights for a session. On a terminal, shows the progress.
  /// - Parameter promptTokens: tokens of the prompt; nil where texts may fill the context.
  func session(
    _ settings: SessionSettings, _ matmul: UsualMatmulOptions, _ execution: ExecutionOptions,
    promptTokens: Int?
  ) throws -> TextSession {
    let path = try matmul.path(for: checkpoint, execution)
    let executor = try execution.makeExecutor()
    return try showingProgress {
      try TextSession(
        self, settings: settings, path: path, storage: execution.weights,
        cacheFormat: execution.cacheFormat, on: executor, promptTokens: promptTokens,
        onProgress: $0)
    }
  }

  private func showingProgress<Value>(
    _ load: ((Double) throws -> Void) throws -> Value
  ) rethrows -> Value {
    let name = URL(fileURLWithPath: checkpoint.path).lastPathComponent
    let line = StatusLine()
    defer { line.end() }
    return try load { line.say("Loading \(name), \(Int($0 * 100))% …") }
  }
}
