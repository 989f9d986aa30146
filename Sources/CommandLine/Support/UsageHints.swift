/// What people who know other programs may have meant.
enum UsageHints {
  private static let options: [String: String] = [
    "--temp": "the option is called --temperature", "-f": "a prompt file is given by --prompt-file",
    "--file": "a prompt file is given by --prompt-file",
    "--stream": "text is written as it is made, without an option",
    "--no-stream": "with --json the text is written at the end",
    "-ngl": "there is no GPU part; all layers run on the CPU",
    "--n-gpu-layers": "there is no GPU part; all layers run on the CPU",
    "--gpu-layers": "there is no GPU part; all layers run on the CPU",
    "--n-predict": "the option is called --max-tokens, or -n",
    "--predict": "the option is called --max-tokens, or -n",
    "--max-new-tokens": "the option is called --max-tokens, or -n",
    "--max_tokens": "the option is called --max-tokens, or -n",
    "--ctx-size": "the option is called --context, or -c",
    "--repetition-penalty": "the option is called --repeat-penalty",
    "-s": "the option is called --seed", "-i": "for a conversation there is lookahead chat",
    "-cnv": "for a conversation there is lookahead chat",
    "--interactive": "for a conversation there is lookahead chat",
    "--color": "accepted tokens are coloured on a terminal, unless NO_COLOR is set",
    "--system-prompt": "the option is called --system", "-sys": "the option is called --system",
    "--hf-repo": "models are files here: only paths work",
    "-hf": "models are files here: only paths work",
  ]

  /// A clause about the first argument that has one.
  /// - Parameter isUnexpected: whether the parser refused an argument that is no option.
  static func hint(_ arguments: [String], isUnexpected: Bool) -> String? {
    for argument in arguments {
      let name = argument.split(separator: "=", maxSplits: 1).first.map(String.init) ?? argument
      if let hint = options[name] { return hint }
    }
    return isUnexpected ? "a prompt is given by --prompt, or -p" : nil
  }
}
