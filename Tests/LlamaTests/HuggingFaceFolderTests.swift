import Files
import Foundation
import Llama
import TestSupport
import Testing

struct HuggingFaceFolderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try MinimalCheckpoint.writeHuggingFace(to: folder)
  }

  private func open() throws -> Checkpoint { try Checkpoint.open(folder.path) }

  @Test func `the tensors are those written`() throws {
    let checkpoint = try open()
    #expect(checkpoint.configuration == MinimalCheckpoint.configuration)
    #expect(checkpoint.formatDescription == "Hugging Face folder, F32")
    #expect(checkpoint.tensors.count == 11)
    for name in WeightName.all(in: checkpoint.configuration) {
      #expect(
        checkpoint.tensors[name.huggingFace(in: checkpoint.configuration)]?.decodeAll()
          == MinimalCheckpoint.values(name))
    }
  }

  @Test func `end tokens of both files are united`() throws {
    try folder.write(#"{"eos_token_id": [4, 2]}"#, to: "generation_config.json")
    #expect(try open().configuration.eosTokenIDs == [2, 4])
    try folder.write(#"{"eos_token_id": 3}"#, to: "generation_config.json")
    #expect(try open().configuration.eosTokenIDs == [2, 3])
    try folder.write("{}", to: "generation_config.json")
    #expect(try open().configuration.eosTokenIDs == [2])
    try folder.write(#"{"eos_token_id": 6}"#, to: "generation_config.json")
    let expected = FileError(
      folder.file("config.json"), "eos_token_id",
      .invalid(expected: "a token id below vocab_size, 6", found: "6"))
    #expect(throws: expected) { try open() }
  }

  /// Writes the model, whose embedding is tied, with an output head of its own.
  private func open(outputHead values: [Float]) throws -> Checkpoint {
    var weights = MinimalCheckpoint.safetensors()
    weights.tensors.append(.init("lm_head.weight", shape: [6, 4], values: values))
    weights.tensors.append(
      .init("model.layers.0.self_attn.rotary_emb.inv_freq", shape: [2], values: [1, 2]))
    try MinimalCheckpoint.writeHuggingFace(to: folder, weights: weights)
    return try open()
  }

  @Test func `an output head equal to a tied embedding is passed over`() throws {
    let checkpoint = try open(outputHead: MinimalCheckpoint.values(.embedding))
    #expect(checkpoint.configuration.tiesEmbeddings)
    #expect(checkpoint.tensors["lm_head.weight"] == nil)
    #expect(checkpoint.parameterCount == MinimalCheckpoint.configuration.parameterCount)
  }

  @Test func `an output head other than the tied embedding serves as one`() throws {
    var values = MinimalCheckpoint.values(.embedding)
    values[23] += 1
    let checkpoint = try open(outputHead: values)
    #expect(!checkpoint.configuration.tiesEmbeddings)
    #expect(checkpoint.tensors["lm_head.weight"]?.decodeAll() == values)
  }

  @Test func `tensors that nothing reads are noted`() throws {
    var weights = MinimalCheckpoint.safetensors()
    for name in ["vision_tower.weight", "model.layers.1.mlp.up_proj.weight"] {
      weights.tensors.append(.init(name, shape: [1], values: [0]))
    }
    try MinimalCheckpoint.writeHuggingFace(to: folder, weights: weights)
    let names = ["model.layers.1.mlp.up_proj.weight", "vision_tower.weight"]
    #expect(try open().unreadTensors == names)
  }

  // MARK: - Chat template and tokenizer

  @Test(arguments: [
    ("{}", nil),
    (#"{"chat_template": null}"#, nil),
    (#"{"chat_template": "A"}"#, "A"),
    (
      #"{"chat_template": [{"name": "rag", "template": "B"}, {"name": "default", "template": "C"}]}"#,
      "C"
    ),
    (#"{"chat_template": [{"name": "rag", "template": "B"}]}"#, nil),
  ])
  func `the chat template of tokenizer_config.json`(json: String, expected: String?) throws {
    try folder.write(json, to: "tokenizer_config.json")
    #expect(try open().chatTemplateSource == expected)
    try folder.write("{{ é }}\n", to: "chat_template.jinja")
    #expect(try open().chatTemplateSource == "{{ é }}\n")
  }

  @Test func `a chat template that is no text is refused`() throws {
    try folder.write(#"{"chat_template": 3}"#, to: "tokenizer_config.json")
    #expect(
      sentence(about: folder.file("tokenizer_config.json")) { try open() }
        == "the field chat_template is 3, but must be a string.")
    try folder.write(#"{"chat_template": "A", "chat_template": "B"}"#, to: "tokenizer_config.json")
    #expect(
      sentence(about: folder.file("tokenizer_config.json")) { try open() }
        == "the field chat_template occurs more than once.")
    try folder.write([0xC3], to: "chat_template.jinja")
    let expected = FileError(
      folder.file("chat_template.jinja"), nil, .malformed(reason: "is not valid UTF-8"))
    #expect(throws: expected) { try open() }
  }

  @Test func `the tokenizer's files are handed on, or said to be missing`() throws {
    guard case .absent(let path, let expected) = try open().tokenizerSource else {
      Issue.record("a tokenizer was found")
      return
    }
    #expect(path == folder.path && expected == "tokenizer.json")
    try folder.write("a", to: "tokenizer.json")
    try folder.write("{}", to: "tokenizer_config.json")
    guard
      case .tokenizerJSON(let json, let configuration, nil, let file) = try open().tokenizerSource
    else {
      Issue.record("no tokenizer was found")
      return
    }
    #expect(json == Data("a".utf8) && configuration == Data("{}".utf8))
    #expect(file == folder.file("tokenizer.json"))
  }

  // MARK: - What is missing or wrong

  @Test func `a folder without config.json is not a model`() throws {
    let empty = try TemporaryFolder()
    let error = #expect(throws: FileError.self) { try Checkpoint.open(empty.path) }
    #expect(error?.path == empty.path && error?.part == "the folder")
    #expect(
      error?.description.hasPrefix("\(empty.path): the folder is not a model: a GGUF file or")
        == true)
  }

  @Test func `a folder without safetensors is refused`() throws {
    try FileManager.default.removeItem(atPath: folder.file("model.safetensors"))
    let expected = FileError(
      folder.path, "model.safetensors or model.safetensors.index.json", .missing)
    #expect(throws: expected) { try open() }
  }

  /// What is read as a whole would be taken into memory as a whole, also a hole.
  @Test(arguments: [
    ("config.json", 1 << 24), ("generation_config.json", 1 << 24), ("chat_template.jinja", 1 << 24),
    ("tokenizer_config.json", 1 << 24), ("tokenizer.json", 1 << 26),
    ("model.safetensors.index.json", 1 << 24),
  ])
  func `a file larger than any honest one is refused before it is read`(
    name: String, limit: Int
  ) throws {
    if name.hasPrefix("model") {
      try FileManager.default.removeItem(atPath: folder.file("model.safetensors"))
    }
    let path = try folder.write("{", to: name)
    try #require(truncate(path, off_t(1) << 40) == 0)
    let expected = FileError(
      path, nil, .invalid(expected: "at most \(limit) bytes", found: "1099511627776 bytes"))
    #expect(throws: expected) { try open() }
  }

  /// As in a copied snapshot whose blobs stayed behind: a file that is there counts, even if it cannot
  /// be read.
  @Test(arguments: [
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
    "chat_template.jinja", "model.safetensors",
  ])
  func `a link to nothing is not an absent file`(name: String) throws {
    let path = folder.file(name)
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: folder.file("nothing"))
    #expect(
      sentence(about: path) { try open() } == "cannot be opened: No such file or directory.")
  }

  private typealias Spoilt = FileMistake<SafetensorsWriter>

  private static let unknown = FileError.Problem.malformed(
    reason: "is not one of a LLaMA model of this configuration")

  private static let mistakes: [Spoilt] = [
    Spoilt("the tensor model.norm.weight", .missing) { $0.tensors.removeLast() },
    Spoilt("the tensor lm_head.bias", unknown) {
      $0.tensors.append(.init("lm_head.bias", shape: [6], values: [0, 0, 0, 0, 0, 0]))
    },
    Spoilt("the tensor model.layers.0.self_attn.q_norm.weight", unknown) {
      $0.tensors.append(.init("model.layers.0.self_attn.q_norm.weight", shape: [1], values: [0]))
    },
    Spoilt(
      "the shape of the tensor model.norm.weight", .invalid(expected: "[4]", found: "[2, 2]")
    ) { $0.tensors[10].shape = [2, 2] },
    Spoilt(
      "the shape of the tensor model.embed_tokens.weight",
      .invalid(expected: "[6, 4]", found: "[4, 6]")
    ) { $0.tensors[0].shape = [4, 6] },
    Spoilt(
      "the type of the tensor model.norm.weight",
      .unsupported(found: "I32", supported: "F32, F16 and BF16")
    ) { $0.tensors[10].elementType = "I32" },
  ]

  @Test(arguments: mistakes)
  private func `a mistake among the tensors is named`(_ mistake: Spoilt) throws {
    let weights = mistake.made(in: MinimalCheckpoint.safetensors())
    try MinimalCheckpoint.writeHuggingFace(to: folder, weights: weights)
    mistake.expect(about: folder.file("model.safetensors")) { try open() }
  }
}
