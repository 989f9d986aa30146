/// What a verifier is doing.
public enum VerificationProgress: Sendable {
  /// Decoding a prompt plainly, the `number`-th of `count`.
  case plain(prompt: String, number: Int, count: Int)
  /// Decoding a prompt with a setting, the `number`-th run of `count`.
  case run(prompt: String, setting: RunSetting, number: Int, count: Int)
  /// Looking for a smaller case that fails; it is the `tried`-th that is tried.
  case shrinking(smallest: VerificationCase, tried: Int)
}
