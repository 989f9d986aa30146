import Foundation
import Llama
import Lookahead
import TestSupport
import Testing

@testable import Oracle

/// What a certificate says.
struct CertificateTests {
  private static func certificate(
    _ fault: FaultyModel.Fault = .none, cancelAfter: Int = .max
  ) throws -> (certificate: Certificate, plan: VerificationPlan) {
    let plan = try VerificationFixture.plan()
    var verifier = try VerificationFixture.verifier(fault)
    let found = try verifier.verify(plan) { progress in
      if case .run(_, _, let number, _) = progress, number > cancelAfter { return .cancel }
      return .proceed
    }
    let model = TraceModel(
      name: "tiny-llama", sha256: "abc", format: "none", parameters: 7,
      configuration: try TestModels.tinyLlama.get().configuration)
    return (
      Certificate(
        found, of: plan, program: TraceHeader.Producer(version: "1.2"), model: model,
        matmul: .exact, machine: Certificate.Machine(cpu: nil, processors: 3)), plan
    )
  }

  @Test func `it counts every run and every value of every property`() throws {
    let (certificate, plan) = try Self.certificate()
    #expect(certificate.verdict == .equal)
    #expect(
      certificate.sentence
        == "All 40 runs gave the tokens and, bit for bit, the logits of plain decoding.")
    #expect(certificate.compared.runs == plan.runs.count)
    #expect(certificate.compared.logits == certificate.compared.rows * 1_024)
    #expect(certificate.prompts.map(\.runs) == [40])
    #expect(certificate.prompts[0].prompt == VerificationFixture.repeating)
    let lookahead = plan.runs.count { $0.setting.lookahead != nil }
    let ofSizes: Set = [
      "windowSizes", "ngramSizes", "candidateCounts", "policies", "candidateLayouts", "schedules",
    ]
    #expect(certificate.coverage.count == 11)
    for coverage in certificate.coverage {
      let sum = coverage.values.reduce(0) { $0 + $1.runs }
      #expect(sum == (ofSizes.contains(coverage.property) ? lookahead : 40), "\(coverage)")
    }
    let chunks = certificate.coverage.first { $0.property == "prefillChunks" }
    #expect(chunks?.values.map(\.value) == ["1", "7", "64", "whole"])
  }

  @Test func `interrupted, it is no proof`() throws {
    let certificate = try Self.certificate(cancelAfter: 3).certificate
    #expect(certificate.verdict == .incomplete)
    #expect(
      certificate.sentence
        == "Interrupted: 3 runs of 40 gave the tokens and, bit for bit, the logits of plain "
        + "decoding by then.")
    #expect(certificate.plan.runs == 40 && certificate.compared.runs == 3)
  }

  @Test(arguments: [false, true])
  func `it is read back from JSON as it was`(isSnakeCase: Bool) throws {
    for fault in [FaultyModel.Fault.none, .lastBit(row: 1, token: 5), .refusal(rowsAbove: 40)] {
      let certificate = try Self.certificate(fault).certificate
      #expect((certificate.counterExample == nil) == (certificate.verdict == .equal))
      let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
      if isSnakeCase {
        encoder.keyEncodingStrategy = .convertToSnakeCase
        decoder.keyDecodingStrategy = .convertFromSnakeCase
      }
      #expect(
        try decoder.decode(Certificate.self, from: encoder.encode(certificate)) == certificate)
    }
  }
}
