/// The version of this program, by which `--version` and traces name it.
enum ProgramVersion {
  static let current = "0.1.0"
}
