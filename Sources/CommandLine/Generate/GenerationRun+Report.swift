import Llama
import Lookahead
import Session

extension GenerationRun {
  /// What `--json` says of a text of a session; what does not apply is null.
  func report(_ session: TextSession, _ model: ModelReport) -> JSONObject {
    let (settings, executor) = (session.settings, session.model.executor)
    let accepted = result.statistics.acceptedDrafts
    let seconds: JSONObject = [
      // Opening the files and reading the weights.
      "load": session.loadSeconds,
      // Reading the prompt and accepting the first token.
      "prefill": result.prefillSeconds,
      // All later passes, printing not counted.
      "decode": result.decodeSeconds,
    ]
    let guessed = Dictionary(
      uniqueKeysWithValues: Set(DraftOrigin.builtIn).union(accepted.keys).map {
        ($0.name, accepted[$0] ?? 0)
      })
    return [
      "model": model,
      "prompt_ids": text?.prompt ?? [],
      // With the token that ended the text, or that completed a stop string.
      "output_ids": result.tokens,
      // Up to a stop string and without special tokens; null where the model has no tokenizer.
      "text": session.opened.tokenizer.flatMap { _ in text?.text },
      "finish_reason": result.finishReason,
      "decoding": DecodingMethod(settings),
      // Under the automatic schedule W, N and G are upper bounds.
      "schedule": settings.lookahead?.schedule,
      "window": settings.lookahead?.windowSize,
      "ngram": settings.lookahead?.ngramSize,
      "candidates": settings.lookahead?.candidatesPerToken,
      // Of Jacobi decoding.
      "block_size": settings.jacobi?.blockSize,
      "passes": result.passes,
      // Over all passes; of the one that read the prompt those from its last token on.
      "rows": result.rows,
      "tokens_per_pass": result.tokensPerPass,
      // Element n: how many passes accepted n tokens.
      "passes_by_tokens": result.statistics.passesByTokens,
      // Accepted tokens that had been drafted, by origin of the draft.
      "guessed_tokens": guessed,
      "seconds": seconds,
      "tokens_per_second": result.tokensPerSecond,
      "time_to_first_token": result.prefillSeconds,
      "threads": executor.threadCount,
      "matmul": session.model.path.rawValue,
      "kv_cache": session.model.cacheFormat.rawValue,
      "instruction_set": executor.instructionSet.rawValue,
      "sampling": settings.sampling.report,
      // Of the float32 little-endian rows of logits behind the output, in order.
      "logits_sha256": digest.hexDigest,
    ]
  }
}

extension SamplingConfiguration {
  var report: JSONObject {
    let biases: [String: Float?] = Dictionary(
      uniqueKeysWithValues: logitBias.map { token, bias in
        ("\(token)", bias.isFinite ? bias : nil)
      })
    return [
      "temperature": temperature,
      // Null where tokens are not drawn.
      "seed": isGreedy ? UInt64?.none : seed,
      // Null where all tokens are kept.
      "top_k": topK,
      "top_p": topP,
      "min_p": minP,
      "repeat_penalty": repetitionPenalty,
      "frequency_penalty": frequencyPenalty,
      "presence_penalty": presencePenalty,
      // Null for all the text.
      "repeat_last_n": penaltyWindow,
      // By token id; null where a token is forbidden.
      "logit_bias": biases,
    ]
  }
}

struct ModelReport: Encodable {
  let path: String
  let sha256: String
  let format: String
  let parameters: Int

  init(_ opened: OpenedModel) throws {
    path = opened.checkpoint.path
    sha256 = try opened.sha256()
    format = opened.checkpoint.formatDescription
    parameters = opened.checkpoint.parameterCount
  }
}
