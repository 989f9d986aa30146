import Files
import Llama
import Tensor

/// Reads the folder of a trace, ours or one that another program wrote in the same form.
///
/// Only `format`, `schema` and the `file` of each pass must be there; whatever else is there must
/// be right, and is compared where the other side has it too (docs/trace-format.md has the fields).
struct RecordedTrace {
  /// The file of a trace that is not a tensor.
  static let documentName = "trace.json"

  /// The prompt's tokens.
  let prompt: [TokenID]?
  /// All tokens that the passes settled.
  let tokens: [TokenID]?
  /// Blocks of the model.
  let layerCount: Int?
  /// The passes, in order.
  let passes: [RecordedPass]

  /// Reads `trace.json` of the folder.
  init(folder: String) throws {
    let path = folder.hasSuffix("/") ? folder + Self.documentName : "\(folder)/\(Self.documentName)"
    let document = try Recording.json(InputFile(path: path), kind: .trace)
    let (prompt, tokens, layerCount, nodes) = try Self.reading {
      () throws(FileError) -> ([Int]?, [Int]?, Int?, LazyMapCollection<Range<Int>, JSONNode>)
      in
      guard try document.required("format").string() == "lookahead-trace" else {
        throw try document.required("format").wrongType("\"lookahead-trace\"")
      }
      guard try document.required("schema").integer() == 1 else {
        throw try document.required("schema").wrongType("1, the version that is read")
      }
      let configuration = try document.optional("model")?.optional("configuration")
      return (
        try document.optional("prompt")?.integers(), try document.optional("tokens")?.integers(),
        try configuration?.optional("layerCount")?.integer(),
        try document.required("passes").elements()
      )
    }
    if let layerCount, !(1...LlamaConfiguration.layerLimit ~= layerCount) {
      throw Self.malformed(
        document,
        "its model has \(layerCount) layers, where 1 to \(LlamaConfiguration.layerLimit) can be")
    }
    try RecordingLimits.check(nodes.count, "passes", upTo: RecordingLimits.passes, path: path)
    (self.prompt, self.tokens, self.layerCount) = (prompt, tokens, layerCount)
    var rowCount = 0
    passes = try nodes.enumerated().map { index, node in
      rowCount += try Self.reading { () throws(FileError) in
        try node.optional("rows")?.elements().count ?? 0
      }
      try RecordingLimits.check(
        rowCount, "rows in its passes", upTo: RecordingLimits.passRows, path: path)
      return try Self.pass(node, index: index, folder: folder)
    }
    try checkFiles(document)
  }

  private static func reading<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(RecordingError) -> Result { try RecordingError.reading(.trace, body) }

  private static func pass(
    _ node: JSONNode, index: Int, folder: String
  ) throws(RecordingError) -> RecordedPass {
    let file = try reading { () throws(FileError) in try node.required("file").string() }
    // A trace from elsewhere must not make this program open other files than its own.
    guard !file.isEmpty, !file.contains("/"), !file.contains("\0"), file != ".", file != ".." else {
      throw malformed(node, "pass \(index) names the file \(file.shown) outside its folder")
    }
    // Nor may it put anything into this program's messages, which name the file.
    guard file.shown == file else {
      throw malformed(node, "pass \(index) names the file \(file.shown), which is no name to show")
    }
    var pass = RecordedPass(
      index: index,
      content: .file(path: folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"))
    try reading { () throws(FileError) in
      pass.kind = try node.optional("kind")?.string()
      pass.cachedCount = try node.optional("cachedCount")?.integer()
      pass.logitRows = try node.optional("logitRows")?.integers()
      pass.candidates = try node.optional("candidates")?.map { (node) throws(FileError) in
        try node.required("tokens").integers()
      }
      pass.frontier = try node.optional("frontier")?.map(answer)
      pass.selected = try node.optional("selected")?.map(answer)
      pass.acceptedRows = try node.optional("acceptedRows")?.integers()
      pass.window = try node.optional("window")?.map { (node) throws(FileError) in
        try node.integers()
      }
      pass.rows = try node.optional("rows")?.map(row)
    }
    try check(pass, node)
    return pass
  }

  private static func answer(_ node: JSONNode) throws(FileError) -> RecordedPass.Answer {
    RecordedPass.Answer(
      row: try node.required("row").integer(), token: try node.required("token").integer())
  }

  private static func row(_ node: JSONNode) throws(FileError) -> RecordedPass.Row {
    var row = RecordedPass.Row()
    row.token = try node.optional("token")?.integer()
    row.position = try node.optional("position")?.integer()
    guard let visible = try node.optional("visible") else { return row }
    let ranges = try visible.required("cached").map { (node) throws(FileError) -> Range<Int> in
      let bounds = try node.integers()
      guard bounds.count == 2, 0 <= bounds[0], bounds[0] <= bounds[1] else {
        throw node.wrongType("[first, end]")
      }
      return bounds[0]..<bounds[1]
    }
    row.visible = RecordedPass.Keys(
      cached: ranges, rows: try visible.required("rows").integers())
    return row
  }

  /// Checks that each pass has a file of its own: one large file that all passes name would be much
  /// work for little text.
  private func checkFiles(_ document: JSONNode) throws(RecordingError) {
    var owners: [String: Int] = [:]
    for pass in passes {
      guard case .file(let path) = pass.content else { continue }
      if let owner = owners.updateValue(pass.index, forKey: path) {
        throw Self.malformed(document, "pass \(pass.index) names the same file as pass \(owner)")
      }
    }
  }

  /// Checks that what a pass refers to is there.
  private static func check(_ pass: RecordedPass, _ node: JSONNode) throws(RecordingError) {
    if let count = pass.cachedCount, count < 0 {
      throw malformed(node, "pass \(pass.index) has a cache of \(count) tokens")
    }
    if let logitRows = pass.logitRows, Set(logitRows).count < logitRows.count {
      throw malformed(node, "logitRows of pass \(pass.index) names a row twice")
    }
    guard let rows = pass.rows else { return }
    let named = [
      ("logitRows", pass.logitRows), ("acceptedRows", pass.acceptedRows),
      ("frontier", pass.frontier?.map(\.row)), ("selected", pass.selected?.map(\.row)),
    ]
    for (field, list) in named {
      if let row = list?.first(where: { !rows.indices.contains($0) }) {
        throw malformed(
          node, "\(field) of pass \(pass.index) names row \(row) of \(rows.count) rows")
      }
    }
    for (index, row) in rows.enumerated() {
      if let key = row.visible?.rows.first(where: { !rows.indices.contains($0) }) {
        throw malformed(
          node, "row \(index) of pass \(pass.index) sees row \(key) of \(rows.count) rows")
      }
      if let end = row.visible?.cached.map(\.upperBound).max(), let count = pass.cachedCount,
        end > count
      {
        throw malformed(
          node, "row \(index) of pass \(pass.index) sees key \(end - 1) of a cache of \(count)")
      }
    }
  }

  private static func malformed(_ node: JSONNode, _ reason: String) -> RecordingError {
    .malformed(path: node.path, kind: .trace, reason: reason)
  }
}

extension JSONNode {
  /// A list of whole numbers.
  fileprivate func integers() throws(FileError) -> [Int] {
    try map { (node) throws(FileError) in try node.integer() }
  }

  /// Something made of each element of a list.
  fileprivate func map<Element>(
    _ body: (JSONNode) throws(FileError) -> Element
  ) throws(FileError) -> [Element] {
    var result: [Element] = []
    for node in try elements() { result.append(try body(node)) }
    return result
  }
}
