import Files
import Llama

extension DraftMemory {
  /// Why bytes are no memory of a model, as part of a sentence.
  public struct Unreadable: Error, Equatable, Sendable {
    public let reason: String
  }

  private static let magic = Array("LOOKDRAF".utf8)
  private static let version: UInt32 = 1
  private static let digestSize = 32
  private static let headerSize = 52
  /// A key, the tokens, and their probabilities in units of 1/65535.
  private static let rowSize = 8 + SuccessorTable.width * (4 + 2)
  private static let numbers = 5 * LogisticMix.sets + 2 * EvidenceRecord.kinds

  /// Bytes of a file at most, about 7.4 million.
  public static let maximumFileSize =
    headerSize + 8 * numbers + 2 * SuccessorTable.generationLimit * rowSize + digestSize

  /// The memory as a file has it, all numbers little-endian:
  ///
  /// | bytes | content |
  /// |---|---|
  /// | 8 | `LOOKDRAF` |
  /// | 4 | version, 1 |
  /// | 4, 4 | number of young rows, number of old ones |
  /// | 32 | `subject` |
  /// | 8 each | float64: weights of the mix, 4 a set; drafts that trained each set; tried and right of each kind |
  /// | 56 a row | the context's hash; 8 tokens, 4 bytes each; 8 probabilities in units of 1/65535, 2 bytes each |
  /// | 32 | SHA-256 of all bytes before |
  ///
  /// - Parameter subject: 32 bytes that name the model and its vocabulary.
  public func bytes(subject: [UInt8]) -> [UInt8] {
    var bytes = Self.magic
    bytes.append(littleEndian: Self.version)
    bytes.append(littleEndian: UInt32(successors.rows.young.count))
    bytes.append(littleEndian: UInt32(successors.rows.old.count))
    bytes += subject
    let numbers =
      mix.weights.flatMap { [$0[0], $0[1], $0[2], $0[3]] } + mix.trained
      + record.counts.flatMap { [$0.tried, $0.right] }
    for number in numbers { bytes.append(littleEndian: number.bitPattern) }
    // Sorted, so that equal memories have equal bytes.
    for rows in [successors.rows.young, successors.rows.old] {
      for (key, row) in rows.sorted(by: { $0.key < $1.key }) {
        bytes.append(littleEndian: key)
        for lane in 0..<SuccessorTable.width { bytes.append(littleEndian: row.tokens[lane]) }
        for lane in 0..<SuccessorTable.width {
          let probability = min(max(row.probabilities[lane], 0), 1)
          bytes.append(littleEndian: UInt16((probability * 65_535).rounded()))
        }
      }
    }
    return bytes + SHA256.digest(of: bytes)
  }

  /// - Parameter vocabularySize: upper bound of token ids.
  public init(
    _ file: InputFile, subject: [UInt8], vocabularySize: Int
  ) throws(Unreadable) {
    self.init()
    guard file.bytes(at: 0, count: Self.magic.count) == Self.magic,
      let version = file.integer(at: 8, as: UInt32.self),
      let young = file.integer(at: 12, as: UInt32.self),
      let old = file.integer(at: 16, as: UInt32.self),
      let found = file.bytes(at: 20, count: Self.digestSize)
    else { throw Unreadable(reason: "it does not begin as one") }
    if version != Self.version {
      throw Unreadable(reason: "it has version \(version), and not \(Self.version)")
    }
    let limit = SuccessorTable.generationLimit
    let rowsStart = Self.headerSize + 8 * Self.numbers
    let end = rowsStart + (Int(young) + Int(old)) * Self.rowSize
    guard young <= limit, old <= limit, file.count == end + Self.digestSize,
      let checksum = file.bytes(at: end, count: Self.digestSize),
      let patterns = file.integers(at: Self.headerSize, count: Self.numbers, as: UInt64.self)
    else { throw Unreadable(reason: "its size is not what it says") }
    if file.sha256(of: 0..<end) != checksum { throw Unreadable(reason: "its checksum is wrong") }
    if found != subject { throw Unreadable(reason: "it is about something else") }

    let numbers = patterns.map(Double.init(bitPattern:))
    let (sets, kinds) = (LogisticMix.sets, EvidenceRecord.kinds)
    let weights = (0..<sets).map { SIMD4(numbers[4 * $0..<4 * $0 + 4]) }
    let counts = (0..<kinds).map {
      TrialCount(
        tried: numbers[5 * sets + 2 * $0], right: numbers[5 * sets + 2 * $0 + 1])
    }
    guard
      let mix = LogisticMix(weights: weights, trained: Array(numbers[4 * sets..<5 * sets])),
      let record = EvidenceRecord(counts: counts)
    else { throw Unreadable(reason: "its numbers cannot be statistics") }
    (self.mix, self.record) = (mix, record)

    let rows = file.bytes(at: rowsStart, count: end - rowsStart) ?? []
    var generations: [[UInt64: SuccessorTable.Row]] = [[:], [:]]
    for index in 0..<Int(young) + Int(old) {
      let (key, row) = Self.row(rows[(index * Self.rowSize)...].prefix(Self.rowSize))
      if row.tokens.max() >= vocabularySize {
        throw Unreadable(reason: "it has tokens that the model has not")
      }
      generations[index < Int(young) ? 0 : 1][key] = row
    }
    successors = SuccessorTable(young: generations[0], old: generations[1])
  }

  private static func row(_ bytes: ArraySlice<UInt8>) -> (key: UInt64, row: SuccessorTable.Row) {
    var rest = bytes
    func next(_ count: Int) -> UInt64 {
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let key = next(8)
    var row = SuccessorTable.Row([])
    for lane in 0..<SuccessorTable.width {
      row.tokens[lane] = Int32(truncatingIfNeeded: next(4))
    }
    for lane in 0..<SuccessorTable.width {
      row.probabilities[lane] = Float(next(2)) / 65_535
    }
    return (key, row)
  }
}
