import ArgumentParser
import Files
import Llama
import Oracle
import Session
import Tensor

struct TensorOptions: ParsableArguments {
  @Flag(help: "Write the hidden states after the embedding and after each block.")
  var layers = false

  @Option(
    help: ArgumentHelp(
      "Write the attention weights of these blocks, such as 1,2; they are counted from 1.",
      valueName: "blocks"))
  var attention = TokenIDList([])

  @Flag(
    help: """
      Compute in Double, with the reference model: slowly, and so exactly that its numbers serve as \
      the true ones.
      """)
  var reference = false

  @OptionGroup var matmul: MatmulOptions

  func validate() throws {
    if reference, matmul.matmul != .exact {
      throw ValidationError("--reference has matrix products of its own, so --matmul is of no use.")
    }
  }

  func selection(allLogits: Bool = false) -> TensorSelection {
    TensorSelection(allLogits: allLogits, hidden: layers, attention: Set(attention.ids))
  }

  var arithmetic: TraceHeader.Arithmetic {
    reference ? .reference : .init(matmul.matmul)
  }

  /// Loads the model that the options ask for and runs `body` with it.
  /// - Parameters:
  ///   - use: what the model is for: it is refused before it is read if there is too little memory.
  ///   - selection: the tensors that are kept of its passes.
  func withModel<Result>(
    _ opened: OpenedModel, _ execution: ExecutionOptions, use: ModelUse,
    showing selection: TensorSelection, _ body: (any InspectableModel) throws -> Result
  ) throws -> Result {
    try execution.check(matmul.matmul)
    var use = use
    if selection.allLogits { use.logitRows = use.rows }
    use.shown = selection.shownCount(
      rows: use.rows, keys: use.tokens.adding(use.rows), of: opened.checkpoint.configuration)
    if reference {
      try MemoryNeed(reference: opened.checkpoint, for: use)
        .check(path: opened.checkpoint.path, against: .now())
      return try body(ReferenceModel(opened.checkpoint))
    }
    return try body(
      opened.load(
        path: matmul.matmul, storage: execution.weights, cacheFormat: execution.cacheFormat,
        on: execution.makeExecutor(), use: use
      ).model)
  }
}
