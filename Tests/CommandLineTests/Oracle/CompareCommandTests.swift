import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `lookahead compare` as a program.
struct CompareCommandTests {
  private let folder: TemporaryFolder
  private let a: String
  private let rounded: String
  private let wrong: String

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    func write(_ name: String, _ change: (inout [Float], String) -> Void) throws -> String {
      var generator = SeededGenerator(seed: 11)
      let tensors = ["hidden.0", "hidden.1", "hidden.2", "logits"].map { tensor in
        var values = (0..<4 * 32).map { _ in Float.random(in: 1...4, using: &generator) }
        change(&values, tensor)
        return SafetensorsWriter.Tensor(tensor, shape: [4, 32], values: values)
      }
      return try folder.write(SafetensorsWriter(tensors).bytes(), to: name)
    }
    func round(_ values: inout [Float], _ tensor: String) {
      guard tensor != "hidden.0" else { return }
      values = values.enumerated().map {
        $0.element + ($0.offset.isMultiple(of: 2) ? 1 : -1) * $0.element.ulp
      }
    }
    a = try write("a.safetensors") { _, _ in }
    rounded = try write("<rounded>&.safetensors", round)
    wrong = try write("wrong.safetensors") { values, tensor in
      round(&values, tensor)
      if tensor == "hidden.2" { values[3 * 32 + 5] += 1 }
    }
  }

  private func compare(_ arguments: [String]) throws -> LookaheadProcess.Outcome {
    let run = try LookaheadProcess.run(["compare"] + arguments)
    if run.status < 2 { #expect(run.diagnostics.isEmpty) }
    return run
  }

  @Test func `rounding is agreement, a bug is not, and the table says so`() throws {
    let good = try compare([a, rounded])
    #expect(good.status == 0)
    #expect(good.output.contains("Rounding of float32 arithmetic explains all differences."))
    let bad = try compare([a, wrong])
    #expect(bad.status == 1)
    #expect(bad.output.contains("A bug, at pass 0, row 3, hidden.2: 1.0, "))
    #expect(bad.output.contains("the 2 tensors before agree"))
    for tensor in ["hidden.0", "hidden.1", "hidden.2", "logits"] {
      #expect(bad.output.split(separator: "\n").contains { $0.hasPrefix(tensor + " ") })
    }
  }

  @Test func `the JSON object has every figure`() throws {
    let run = try compare([a, wrong, "--json"])
    #expect(run.status == 1)
    #expect(run.output.filter(\.isNewline).count == 1)
    let object = try run.object()
    #expect(object["verdict"] as? String == "bug")
    #expect(object["agrees"] as? Bool == false)
    #expect(object["precision"] as? String == "float32")
    #expect((object["sentence"] as? String)?.hasPrefix("A bug, at") == true)
    let finding = try #require(object["finding"] as? [String: Any])
    let location = try #require(finding["location"] as? [String: Any])
    #expect(location["tensor"] as? String == "hidden.2" && location["row"] as? Int == 3)
    #expect(location["column"] as? Int == 5)
    let tensors = try #require(object["tensors"] as? [[String: Any]])
    #expect(
      tensors.map { $0["name"] as? String } == ["hidden.0", "hidden.1", "hidden.2", "logits"])
    for tensor in tensors {
      for key in ["largest", "mean", "largest_ulps", "mean_ulps", "smallest_cosine", "non_finite"] {
        #expect(tensor[key] != nil, "\(key)")
      }
    }
    let logits = try #require(tensors[3]["distribution"] as? [String: Any])
    #expect(logits["same_top"] as? Int == 4)
    #expect((logits["top_shares"] as? [Double])?.count == 10)
  }

  @Test(
    arguments: [
      (["--atol", "2"], 0), (["--atol", "0.5"], 1), (["--rtol", "2"], 0),
      (["--tensors", "logits"], 0), (["--tensors", "hidden.*"], 1), (["--top-k", "3"], 1),
      (["--tensors", "logits", "--top-k", "3"], 0),
      (["--precision", "bf16", "--tensors", "logits"], 0),
      (["--precision", "int8", "--tensors", "logits"], 0),
      (["--precision", "int16", "--tensors", "logits"], 0),
    ] as [([String], Int32)])
  func `options decide what agreement is`(options: [String], status: Int32) throws {
    #expect(try compare([a, wrong] + options).status == status)
  }

  @Test func `the page is one well-formed document that needs nothing else`() throws {
    let page = folder.file("report.html")
    #expect(try compare([a, rounded, "--html", page]).status == 0)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    for word in ["http://", "https://", "<script", "<link", "<img", "url("] {
      let rest = html.replacingOccurrences(of: "xmlns=\"http://www.w3.org/", with: "")
      #expect(!rest.contains(word), "\(word)")
    }
    #expect(html.contains("&lt;rounded&gt;&amp;.safetensors"))
    #expect(html.contains("prefers-color-scheme: dark"))
    let reader = PageReader()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.elements["svg"] == 3)
    #expect(reader.elements["tr"] == 5)
    #expect(reader.elements["li"] == 2 + 1)
    #expect(html.contains("divergence "))
    #expect(reader.elements["desc"] == 3)
    #expect((reader.elements["circle"] ?? 0) > 10)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains { $0.hasSuffix(".partial") })
  }

  /// A NumPy file of Doubles, a row for each array.
  private func writeArray(_ rows: [[Double]], to name: String) throws -> String {
    let header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows.count), \(rows[0].count)), }\n"
    let values = rows.joined().flatMap { [UInt8](littleEndian: $0.bitPattern) }
    return try folder.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0] + [UInt8](littleEndian: UInt16(header.utf8.count))
        + Array(header.utf8) + values, to: name)
  }

  @Test(arguments: [
    1e308, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude / 8, 1e-307,
  ])
  func `differences at the ends of what numbers can be have their place on the page`(
    difference: Double
  ) throws {
    let zero = try writeArray([[0, 0], [0, 0]], to: "zero.npy")
    let other = try writeArray([[difference, 0], [0, 1e-7]], to: "other.npy")
    let page = folder.file("ends.html")
    #expect(try compare([zero, other, "--html", page, "--tensors", "*"]).status == 1)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("<svg"))
    for word in [#""inf"#, #""-inf"#, #""nan"#] { #expect(!html.contains(word)) }
  }

  @Test func `a mean of divergences whose sum is no number is written as JSON`() throws {
    let a = try writeArray(Array(repeating: [0, 0], count: 8), to: "a.npy")
    let b = try writeArray(Array(repeating: [0, -1e308], count: 8), to: "b.npy")
    let run = try compare([a, b, "--json"])
    #expect(run.status == 1, "\(run.diagnostics)")
    let tensors = try #require(try run.object()["tensors"] as? [[String: Any]])
    let logits = try #require(tensors.first?["distribution"] as? [String: Any])
    #expect((logits["mean_divergence"] as? Double ?? 0) > 1e307)
  }

  @Test func `input that cannot be compared is refused in one sentence`() throws {
    let story = try folder.write("Once upon a time", to: "story.txt")
    for arguments in [
      [a, story], ["/nonexistent", a], [a, a, "--html", "/nonexistent/a.html"],
      [a, a, "--tensors", "none"], [a, a, "--float32", story], [a, a, "--model", story],
    ] {
      let run = try compare(arguments)
      #expect(run.status == 2, "\(arguments)")
      #expect(run.output.isEmpty)
      #expect(run.diagnosticLines.count == 1)
    }
  }

  @Test(.enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"))
  func `a trace may have more passes than there may be open files`() throws {
    let passes = try (0..<200).map { pass -> String in
      let row = SafetensorsWriter.Tensor("logits", shape: [1, 2], values: [Float(pass), 1])
      try folder.write(SafetensorsWriter([row]).bytes(), to: "pass\(pass)")
      return #"{"file": "pass\#(pass)", "selected": [{"row": 0, "token": 1}]}"#
    }
    try folder.write(
      #"{"format": "lookahead-trace", "schema": 1, "passes": [\#(passes.joined(separator: ","))]}"#,
      to: "trace.json")
    let rows = SafetensorsWriter.Tensor(
      "logits", shape: [200, 2], values: (0..<200).flatMap { [Float($0), 1] })
    let array = try folder.write(SafetensorsWriter([rows]).bytes(), to: "rows.safetensors")
    let run = try LookaheadProcess.run(
      ["compare", folder.path, array], shell: #"ulimit -n 64; exec "$0" "$@""#)
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(run.output.contains("A and B are the same in everything that was compared."))
  }

  @Test(arguments: [
    ["--atol", "-1"], ["--rtol", "nan"], ["--top-k", "0"], ["--top-k", "1001"],
    ["--precision", "f8"],
  ])
  func `wrong usage`(options: [String]) throws {
    let run = try compare([a, a] + options)
    #expect(run.status == 64)
    #expect(run.diagnostics.hasSuffix("; see lookahead compare --help.\n"))
  }
}

/// Counts the elements of a page.
private final class PageReader: NSObject, XMLParserDelegate {
  private(set) var elements: [String: Int] = [:]

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) { elements[elementName, default: 0] += 1 }
}
