/// What a key of config.json means where it is absent, by family: the defaults of transformers 5.23.0.
struct FamilyDefaults {
  var rmsNormEpsilon: Float = 1e-6
  var ropeBase: Double = 10_000
  var tiesEmbeddings = false
  var bosTokenID: TokenID? = 1
  var eosTokenIDs: [TokenID] = [2]
  /// Nil for the hidden size over the number of heads.
  var headDim: Int?
  /// Whether an absent `num_key_value_heads` means as many as query heads; a number of their first
  /// model otherwise, which is refused, like absent sizes.
  var hasHeadsOfQueries = true
  /// Positions of the sliding window, where the family has one.
  var window: Int?

  init(_ family: ModelFamily) {
    switch family {
    case .llama, .granite: break
    case .mistral:
      hasHeadsOfQueries = false
      window = 4_096
    case .qwen2, .qwen3:
      (bosTokenID, eosTokenIDs) = (nil, [])
      hasHeadsOfQueries = false
      window = 4_096
      headDim = family == .qwen3 ? 128 : nil
    case .smollm3:
      ropeBase = 2_000_000
      tiesEmbeddings = true
      (bosTokenID, eosTokenIDs) = (128_000, [128_001])
      hasHeadsOfQueries = false
    case .gemma2, .gemma3:
      ropeBase = family == .gemma3 ? 1_000_000 : 10_000
      tiesEmbeddings = true
      (bosTokenID, eosTokenIDs) = (2, [1])
      headDim = 256
      hasHeadsOfQueries = false
      window = 4_096
    case .olmo2:
      rmsNormEpsilon = 1e-5
      (bosTokenID, eosTokenIDs) = (nil, [50_279])
    case .phi3:
      rmsNormEpsilon = 1e-5
      (bosTokenID, eosTokenIDs) = (1, [32_000])
    }
  }
}
