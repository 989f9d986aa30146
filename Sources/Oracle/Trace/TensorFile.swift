import Files

/// Writes tensors as a safetensors file: the length of the header in 8 bytes, the header, which is
/// JSON and padded with spaces so that the data begins at a multiple of 8, and the data without gaps
/// (source: safetensors 0.8.0, README, "Format").
enum TensorFile {
  /// Writes a new file and returns its size in bytes.
  static func write(_ tensors: [TraceTensor], to path: String) throws(OutputFileError) -> Int {
    let file = try OutputFile(creating: path)
    let header = header(of: tensors)
    let length = UInt64(header.count)
    try file.write(stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: length >> $0) })
    try file.write(header)
    for tensor in tensors {
      switch tensor.values {
      case .float32(let values): try file.write(values)
      case .float64(let values): try file.write(values)
      }
    }
    try file.close()
    return file.count
  }

  private static func header(of tensors: [TraceTensor]) -> [UInt8] {
    var entries = [
      #""__metadata__":{"format":"\#(TraceHeader.formatName)","#
        + #""schema":"\#(TraceHeader.schemaVersion)"}"#
    ]
    var end = 0
    for tensor in tensors {
      let first = end
      let number = tensor.values.number
      end += tensor.values.count * number.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        #""\#(tensor.name.spelling)":{"dtype":"\#(number.rawValue)","shape":[\#(shape)],"#
          + #""data_offsets":[\#(first),\#(end)]}"#)
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    return header + Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
  }
}

extension TraceTensor.Values {
  fileprivate var number: StoredNumber { if case .float32 = self { .f32 } else { .f64 } }
}
