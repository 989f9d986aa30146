/// The chat template in a `tokenizer_config.json`: one text, or several with names.
struct HuggingFaceChatTemplate: Decodable {
  /// The text, or the one named "default"; nil if there is none.
  let template: String?

  private struct Named: Decodable {
    let name: String
    let template: String
  }

  private enum CodingKeys: String, CodingKey {
    case template = "chat_template"
  }

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    do {
      template = try keys.decodeIfPresent(String.self, forKey: .template)
    } catch DecodingError.typeMismatch {
      template = try keys.decode([Named].self, forKey: .template)
        .first { $0.name == "default" }?.template
    }
  }
}
