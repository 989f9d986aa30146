import Files
import Foundation
import Llama
import TestSupport
import Testing

@testable import Oracle

/// What is said of logits that an engine wrote for a sweep.
struct SweepReaderTests {
  @Test func `the same bits do not depend on the number of rows`() throws {
    let fixture = try SweepFixture()
    try fixture.writeAll()
    let report = try fixture.read()
    #expect(report.verdict == .independent && report.comparesBits && !report.dependsOnRows)
    #expect(report.figures.map(\.rows) == [2, 4])
    #expect(report.figures.allSatisfy { $0.compared == 5 && $0.different == 0 && $0.largest == 0 })
    #expect(report.figures.allSatisfy { $0.differsBehindPrefix == false })
    #expect(report.valuesChangeFrom == nil && report.choicesChangeFrom == nil)
    #expect(report.otherThanText == 0)
    #expect(report.notRead.isEmpty)
    #expect(
      report.sentence
        == "The engine's arithmetic does not depend on the number of rows: all 5 rows have the same "
        + "bits alone and among 2 and 4 rows.")
  }

  @Test(arguments: 0..<5, [0, 3, 7])
  func `one bit of one row is found`(row: Int, token: Int) throws {
    let fixture = try SweepFixture()
    try fixture.writeAll()
    var logits = SweepFixture.logits()
    logits[row][token] = logits[row][token].nextUp
    try fixture.write(logits, rows: 4)
    let report = try fixture.read()
    #expect(report.verdict == .values && report.valuesChangeFrom == 4)
    #expect(report.choicesChangeFrom == nil && report.flippedRows.isEmpty)
    #expect(report.figures.map(\.different) == [0, 1])
    #expect(report.figures.map(\.differentFromPrevious) == [0, 1])
    let figures = report.figures[1]
    #expect(figures.firstDifferent == row)
    #expect(figures.differsBehindPrefix == (row == 0))
    #expect(figures.largestAt == SweepPlace(row: row, position: 3 + row, token: token))
    #expect(report.sentence.contains("bits change from 4 rows on, by at most "))
    #expect(
      report.sentence.contains("(row \(row) at position \(3 + row), token \(token), among 4 rows)"))
    #expect(report.sentence.contains("No choice changes"))
  }

  @Test func `rows that differ from rows alone, and not from each other, are told apart`() throws {
    let fixture = try SweepFixture(rows: [2, 3, 4, 5])
    try fixture.writeAll()
    var logits = SweepFixture.logits()
    logits[2][1] += 0.25
    for rows in [3, 4, 5] { try fixture.write(logits, rows: rows) }
    let report = try fixture.read()
    #expect(report.figures.map(\.different) == [0, 1, 1, 1])
    #expect(report.figures.map(\.differentFromPrevious) == [0, 1, 0, 0])
    #expect(report.sentence.contains("Passes of 3, 4 and 5 rows have the same bits."))
    logits[4][1] += 0.25
    try fixture.write(logits, rows: 5)
    let other = try fixture.read()
    #expect(other.figures.map(\.differentFromPrevious) == [0, 1, 0, 1])
    #expect(!other.sentence.contains("have the same bits"))
  }

  @Test func `the sign of a zero is a bit too`() throws {
    let fixture = try SweepFixture()
    try fixture.writeAll()
    var logits = SweepFixture.logits()
    #expect(logits[0][0] == 0)
    logits[0][0] = -0.0
    try fixture.write(logits, rows: 2)
    let report = try fixture.read()
    #expect(report.verdict == .values && report.figures[0].largest == 0)
    #expect(report.sentence.contains("bits change among 2 rows."))
  }

  @Test func `a choice that flips is named, with what exact arithmetic says of it`() throws {
    let fixture = try SweepFixture()
    try fixture.writeAll()
    var logits = SweepFixture.logits()
    // Behind position 5 comes token 7, and token 2 among two rows.
    logits[2][2] = 4.25
    try fixture.write(logits, rows: 2)
    var report = try fixture.read()
    #expect(report.verdict == .choices)
    #expect(report.choicesChangeFrom == 2 && report.flippedRows == [2])
    let flip = try #require(report.figures[0].flips.first)
    #expect((flip.row, flip.position, flip.alone, flip.among) == (2, 5, 7, 2))
    #expect(flip.leadAlone == 3.5 && flip.leadAmong == 0.25)
    #expect(flip.reference == nil)

    let model = ScriptedModel(seed: 3, vocabularySize: 8)
    try report.settle(by: model, plan: fixture.plan)
    var cache = model.makeCache()
    let text = SweepFixture.prefix + SweepFixture.continuation.prefix(3)
    let exact = try model.forward(
      PassRequest(causal: Array(text), cachedCount: 0, logitRows: [5]), cache: &cache)
    let reference = try #require(report.figures[0].flips[0].reference)
    #expect(reference.margin == Double(exact[0, 7]) - Double(exact[0, 2]))
    let places = [7, 2].map { token in
      1
        + (0..<8).count {
          exact[0, $0] > exact[0, token] || exact[0, $0] == exact[0, token] && $0 < token
        }
    }
    #expect([reference.placeOfAlone, reference.placeOfAmong] == places)
    #expect(
      report.sentence.contains(
        "That alone flips a token of this text: behind position 5 (row 2) token 7 is the most "
          + "probable alone, token 2 among 2 rows; in exact arithmetic they are in places "
          + "\(places[0]) and \(places[1])"))
    #expect(report.sentence.contains("choices change among 2 rows"))
  }

  @Test func `the engine's own choices may differ from the text without any dependence`() throws {
    let fixture = try SweepFixture()
    var logits = SweepFixture.logits()
    logits[1][0] = 9
    for sweep in fixture.plan.sweeps { try fixture.write(logits, rows: sweep.rows) }
    let report = try fixture.read()
    #expect(report.verdict == .independent && report.otherThanText == 1)
    #expect(!report.sentence.contains("But alone"))
  }

  @Test func `an engine that seems to have read something else is doubted`() throws {
    let fixture = try SweepFixture()
    // Each row is written one place too late.
    let logits = [SweepFixture.logits()[4]] + SweepFixture.logits().dropLast()
    for sweep in fixture.plan.sweeps { try fixture.write(logits, rows: sweep.rows) }
    let report = try fixture.read()
    #expect(report.verdict == .independent && report.otherThanText == 4)
    #expect(
      report.sentence.contains(
        "But alone the engine chooses another token than exact arithmetic in 4 of 4 rows: check that "
          + "it runs this model, reads the prefix"))
  }

  @Test func `equal logits count for the lowest token`() throws {
    let fixture = try SweepFixture()
    let even = Array(repeating: Array(repeating: Float(1), count: 8), count: 5)
    for sweep in fixture.plan.sweeps { try fixture.write(even, rows: sweep.rows) }
    let report = try fixture.read()
    #expect(report.smallestLead == 0 && report.smallestLeadAt?.token == 0)
  }

  @Test func `a number of rows that was not written is named`() throws {
    let fixture = try SweepFixture()
    try fixture.write(SweepFixture.logits(), rows: 1)
    try fixture.write(SweepFixture.logits(), rows: 4)
    let report = try fixture.read()
    #expect(report.notRead == [2])
    #expect(report.sentence.hasSuffix("among 4 rows. Of 2 rows nothing was written."))
  }

  @Test func `safetensors and a batch of one are read too`() throws {
    let fixture = try SweepFixture()
    let values = SweepFixture.logits().flatMap(\.self)
    for rows in [1, 4] {
      let tensor = SafetensorsWriter.Tensor("logits", shape: [1, 5, 8], values: values)
      try fixture.folder.write(
        SafetensorsWriter([tensor]).bytes(), to: "sweep/rows-\(rows).safetensors")
    }
    #expect(try fixture.read().verdict == .independent)
  }

  @Test func `a token that is ruled out in both is the same, in one is infinitely far`() throws {
    let fixture = try SweepFixture()
    var logits = SweepFixture.logits()
    logits[3][1] = -.infinity
    for sweep in fixture.plan.sweeps { try fixture.write(logits, rows: sweep.rows) }
    #expect(try fixture.read().verdict == .independent)
    try fixture.write(SweepFixture.logits(), rows: 4)
    let report = try fixture.read()
    #expect(report.verdict == .values && report.figures[1].largest == .greatestFiniteMagnitude)
    #expect(throws: Never.self) { try JSONEncoder().encode(report) }
  }

  /// What is done to good files, and words of the sentence.
  static let mistakes: [Mistake<SweepFixture>] = [
    Mistake("has no rows-1.npy") {
      try? FileManager.default.removeItem(atPath: $0.path + "/rows-1.npy")
    },
    Mistake("has rows alone and nothing to compare them with") {
      for rows in [2, 4] {
        try? FileManager.default.removeItem(atPath: $0.path + "/rows-\(rows).npy")
      }
    },
    Mistake("is no file of this sweep: it reads rows-1, rows-2, rows-4,") {
      try? $0.write(SweepFixture.logits(), rows: 3)
    },
    Mistake("is no file of this sweep") {
      try? $0.write(SweepFixture.logits(), rows: 4, name: "rows-04.npy")
    },
    Mistake("is no file of this sweep") {
      try? $0.write(SweepFixture.logits(), rows: 4, name: "rows-4.npy.gz")
    },
    Mistake("Passes of 4 rows are in rows-4.npy and rows-4.safetensors") {
      try? $0.write(SweepFixture.logits(), rows: 4, name: "rows-4.safetensors")
    },
    Mistake("the shape of the logits is [4, 8], but must be [5, 8]") {
      try? $0.write(Array(SweepFixture.logits().dropLast()), rows: 2)
    },
    Mistake("the shape of the logits is [5, 7], but must be [5, 8]") {
      try? $0.write(SweepFixture.logits().map { $0.dropLast() }, rows: 2)
    },
    Mistake("the shape of the logits is [0, 0]") { try? $0.write([], rows: 1) },
    Mistake("the value of token 6 in row 4 is nan, but must be a finite number") {
      var logits = SweepFixture.logits()
      logits[4][6] = .nan
      try? $0.write(logits, rows: 4)
    },
    Mistake("the value of token 0 in row 0 is inf") {
      var logits = SweepFixture.logits()
      logits[0][0] = .infinity
      try? $0.write(logits, rows: 1)
    },
    Mistake("row 1 has no finite number") {
      var logits = SweepFixture.logits()
      logits[1] = logits[1].map { _ in -.infinity }
      try? $0.write(logits, rows: 1)
    },
    Mistake("160 bytes of data do not fill") {
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 9), }\n"
      let data = [UInt8](littleEndian: SweepFixture.logits().flatMap(\.self))
      _ = try? $0.folder.write(numPyBytes(header: header, data: data), to: "sweep/rows-2.npy")
    },
    Mistake("has values in F16, but those of rows alone are values in F32") {
      let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (5, 8), }\n"
      let bytes = SweepFixture.logits().flatMap(\.self).flatMap {
        StoredNumber.f16.bytes(of: Double($0))
      }
      _ = try? $0.folder.write(numPyBytes(header: header, data: bytes), to: "sweep/rows-2.npy")
    },
    Mistake("the file is of an unknown kind") {
      _ = try? $0.folder.write("", to: "sweep/rows-2.npy")
    },
    Mistake("the tensor logits is missing") {
      let tensor = SafetensorsWriter.Tensor(
        "hidden.0", shape: [5, 8], values: Array(repeating: 0, count: 40))
      _ = try? $0.folder.write(SafetensorsWriter([tensor]).bytes(), to: "sweep/rows-2.npy")
    },
    Mistake("is a folder") {
      try? FileManager.default.removeItem(atPath: $0.path + "/rows-2.npy")
      try? FileManager.default.createDirectory(
        atPath: $0.path + "/rows-2.npy", withIntermediateDirectories: false)
    },
  ]

  @Test(arguments: mistakes)
  func `files that do not fit are refused in a sentence`(mistake: Mistake<SweepFixture>) throws {
    let fixture = try SweepFixture()
    try fixture.writeAll()
    let spoilt = mistake.made(in: fixture)
    do {
      _ = try spoilt.read()
      Issue.record("nothing was thrown")
    } catch {
      let text = "\(error)"
      #expect(text.contains(mistake.sentence), "\(text)")
      #expect(text.hasSuffix(".") && !text.contains("\n"))
    }
  }

  @Test func `a file that is cut short while it is read is no verdict`() throws {
    let fixture = try SweepFixture()
    try fixture.writeAll()
    let path = fixture.path + "/rows-4.npy"
    #expect(throws: InputFileError.changed(path: path)) {
      try SweepReader.read(fixture.path, plan: fixture.plan) { row in
        if row == 3 { #expect(truncate(path, 120) == 0) }
      }
    }
  }

  @Test func `reading can be ended`() throws {
    let fixture = try SweepFixture()
    try fixture.writeAll()
    #expect(throws: CancellationError.self) {
      try SweepReader.read(fixture.path, plan: fixture.plan) { _ in throw CancellationError() }
    }
  }
}
