import ArgumentParser
import Files
import Foundation
import Llama
import Oracle
import Tensor

/// Where a certificate and, if a run differs, the trace of it go.
struct VerifyOutput: ParsableArguments {
  @Option(
    name: [.short, .customLong("out")],
    help: ArgumentHelp(
      "The folder to make if a run differs, with its trace. (default: \(Self.usualFolder), with a "
        + "number if there is one)", valueName: "folder"))
  var out: String?

  @Flag(help: "Write the certificate as one JSON object on one line.")
  var json = false

  private static let usualFolder = "counterexample"

  func validate() throws {
    if out?.isEmpty == true { throw ValidationError("The name of the folder is empty.") }
  }

  /// Refuses a folder that is there, before anything is run.
  func check() throws {
    if let out { try TraceFolder.check(out) }
  }

  /// Writes the trace of a run that differs. If it cannot be written, that is reported and the
  /// certificate is still issued; signals take effect afterwards.
  func trace(
    _ found: inout Verification, by verifier: inout Verifier<LlamaModel>, model: TraceModel,
    _ options: VerifyOptions
  ) throws {
    guard found.counterExample != nil else { return }
    do {
      try Interruption.heeding {
        try verifier.trace(
          &found, producer: .thisProgram, model: model,
          arithmetic: TraceHeader.Arithmetic(options.matmul), kvCache: options.kvCache,
          to: out ?? Self.freeFolder())
      }
    } catch let error where error is TraceError || error is OutputFileError {
      Console.note("lookahead: \(error)")
    }
  }

  private static func freeFolder() -> String {
    var folder = usualFolder
    var number = 2
    while FileManager.default.fileExists(atPath: folder) {
      folder = "\(usualFolder)-\(number)"
      number += 1
    }
    return folder
  }

  func write(_ certificate: Certificate) throws {
    try Console.write(
      certificate, asJSON: json, lines: CertificateText(certificate: certificate).lines)
  }
}
