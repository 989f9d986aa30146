import Foundation

extension Double {
  /// Without a point where it is a whole number: "10000".
  var short: String { Int(exactly: self).map(String.init) ?? "\(self)" }

  /// With the given number of places behind the point, whatever the locale.
  func rounded(toPlaces places: Int) -> String { String(format: "%.\(places)f", self) }
}

extension Int {
  /// With a noun in its right number: "1 pass", "2 passes".
  func counted(_ noun: String, plural: String? = nil) -> String {
    "\(grouped) \(self == 1 ? noun : plural ?? noun + "s")"
  }

  /// With a comma between thousands: "134,515,008".
  var grouped: String { formatted(.number.locale(Locale(identifier: "en_US"))) }

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
