import Oracle

/// What `lookahead sweep --out` says of the folder that it made.
struct SweepPlanText {
  let plan: SweepPlan
  let folder: String
  /// Of `sweep.json`.
  let bytes: Int

  /// A sentence on standard error, or one JSON object on standard output.
  func report(asJSON: Bool) throws {
    let rows = plan.sweeps.map(\.rows)
    guard asJSON else { return Console.note(sentence(rows)) }
    let report: JSONObject = [
      "folder": folder,
      "bytes": bytes,
      "prefix_ids": plan.prefix,
      "continuation_ids": plan.continuation,
      "rows": rows,
      // Of all numbers of rows.
      "passes": plan.sweeps.reduce(0) { $0 + $1.passes.count },
    ]
    try Console.write(json: report)
  }

  private func sentence(_ rows: [Int]) -> String {
    let tokens = plan.continuation.count.counted("token")
    let list = rows.map(String.init).joined(separator: ", ")
    let prefix = plan.prefix.count
    return "Wrote \(folder)/\(SweepPlan.fileName): \(tokens) behind a prefix of \(prefix), in "
      + "passes of \(list) rows. Let the engine write rows-1.npy to rows-\(rows.last ?? 1).npy "
      + "there, and run lookahead sweep --read \(folder)."
  }
}
