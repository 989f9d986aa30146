import Foundation
import Llama
import Tensor

/// The models that tests ask.
public enum TestModels {
  /// The folder `Fixtures/<name>` or file of it, opened.
  public static func checkpoint(_ name: String) throws -> Checkpoint {
    try Checkpoint.open(FixturePath.path(name))
  }

  /// A fixture model on the exact path.
  public static func model(
    _ name: String, threads: Int = 2, instructionSet: InstructionSet = .best,
    path: MatrixProductPath = .exact, cacheFormat: KeyValueFormat = .float32
  ) throws -> LlamaModel {
    let executor = Executor(threadCount: threads, instructionSet: instructionSet)
    return try LlamaModel(checkpoint(name), path: path, cacheFormat: cacheFormat, on: executor)
  }

  /// The trained fixture model, loaded once.
  public static let tinyLlama = Result { try model("tiny-llama") }

  /// The same with a float16 cache.
  public static let tinyLlamaFloat16 = Result {
    try model("tiny-llama", cacheFormat: .float16)
  }

  /// A fixture model in Double.
  public static func reference(_ name: String) throws -> ReferenceModel {
    try ReferenceModel(checkpoint(name))
  }

  /// Where SmolLM2's GGUF file is, if it has been fetched.
  public static let smolLM2Path: String? = {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
    let candidates = [
      environment["LOOKAHEAD_MODEL"], cache + "/lookahead/SmolLM2-135M-Instruct.Q4_1.gguf",
    ]
    return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
  }()

  /// SmolLM2, loaded once.
  public static let smolLM2 = Result { try smolLM2(.exact) }

  /// SmolLM2, loaded anew.
  public static func smolLM2(_ matmul: MatrixProductPath) throws -> LlamaModel {
    guard let path = smolLM2Path else { throw Missing.smolLM2 }
    let threads = min(4, ProcessInfo.processInfo.activeProcessorCount)
    return try LlamaModel(
      Checkpoint.open(path), path: matmul, on: Executor(threadCount: threads))
  }

  /// Why a model cannot be had.
  public enum Missing: Error {
    /// `make test` fetches it.
    case smolLM2
  }
}
