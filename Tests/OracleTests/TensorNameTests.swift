import Oracle
import Testing

@Suite("Names of tensors in a trace")
struct TensorNameTests {
  @Test(
    "a name is read as it is written",
    arguments: [
      TensorName.logits, .hidden(layer: 0), .hidden(layer: 30), .attention(layer: 1),
      .hidden(layer: 4096),
    ])
  func roundTrip(name: TensorName) {
    #expect(TensorName(name.spelling) == name)
  }

  @Test(
    "what is no name of a trace is not read as one",
    arguments: [
      "", "logit", "logits.0", "hidden", "hidden.", "hidden.-1", "hidden.+1", "hidden.01",
      "hidden.1.2", "attention.0", "hidden.99999999999999999999", "hidden.4097",
      "attention.9223372036854775807",
    ])
  func unknown(spelling: String) {
    #expect(TensorName(spelling) == nil)
  }
}
