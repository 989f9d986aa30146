import Foundation

extension Double {
  /// With the given number of places behind the point, whatever the locale.
  func rounded(toPlaces places: Int) -> String { String(format: "%.\(places)f", self) }
}

extension Int {
  /// With a comma between thousands: "134,515,008".
  var grouped: String {
    let digits = Array(String(magnitude))
    var text = self < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// As a number of bytes, in decimal units: "98.4 MB".
  var inBytes: String {
    var value = Double(self)
    var unit = "bytes"
    for next in ["kB", "MB", "GB", "TB"] where value >= 1_000 {
      value /= 1_000
      unit = next
    }
    return unit == "bytes" ? "\(self) bytes" : "\(value.rounded(toPlaces: 1)) \(unit)"
  }
}
