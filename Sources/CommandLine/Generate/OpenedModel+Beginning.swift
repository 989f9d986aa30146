import Llama
import Session

extension OpenedModel {
  /// Says so if a prompt begins with the token that begins a text, and the tokenizer has put another
  /// before it.
  func noteDoubledBeginning(_ tokens: [TokenID]) {
    guard let tokenizer, tokenizer.addsBos, let bos = tokenizer.bosTokenID,
      tokens.starts(with: [bos, bos]), let spelling = tokenizer.spelling(of: bos)
    else { return }
    Console.note(
      "Note: The prompt begins with \(spelling) twice, since the tokenizer adds one; leave it out.")
  }
}
