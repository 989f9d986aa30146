import ArgumentParser

/// In which form the commands that measure say what they found.
struct MeasurementOutput: ParsableArguments {
  @Flag(help: "Write one JSON object on one line instead of tables.")
  var json = false

  @Option(
    help: ArgumentHelp("Draw what a pass costs over its rows into this file.", valueName: "file"))
  var svg: String?
}
