package org.alignment4j.oversight.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.journal.CompletionCodec;
import org.jspecify.annotations.Nullable;

/** Scores of continuations as plain values: what a completion of the same tokens would have. */
final class ScoreFields {
  private static final CompletionCodec CODEC = new CompletionCodec();
  private static final String GREEDY = "greedy";
  private static final String TRUNCATED = "truncated_prompt_tokens";

  private ScoreFields() {}

  static Map<String, @Nullable Object> encode(ContinuationScore score) {
    Map<String, @Nullable Object> fields =
        new LinkedHashMap<>(
            CODEC.encode(
                new Completion(
                    "",
                    score.tokens(),
                    score.logProbs(),
                    null,
                    List.of(),
                    FinishReason.UNKNOWN,
                    score.usage())));
    fields.put(GREEDY, score.greedy());
    fields.put(TRUNCATED, (long) score.truncatedPromptTokens());
    return fields;
  }

  static ContinuationScore decode(Map<String, @Nullable Object> fields) {
    Completion scored = CODEC.decode(fields);
    LogProbs logProbs = scored.logProbs();
    if (logProbs == null || !(fields.get(TRUNCATED) instanceof Number truncated)) {
      throw new IllegalArgumentException(
          "a recorded score must have log_probs and " + TRUNCATED + " but has " + fields.keySet());
    }
    return new ContinuationScore(
        scored.tokens(),
        logProbs,
        Boolean.TRUE.equals(fields.get(GREEDY)),
        Math.toIntExact(truncated.longValue()),
        scored.usage());
  }

  static List<Object> ids(TokenIds tokens) {
    List<Object> ids = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      ids.add((long) tokens.get(i));
    }
    return ids;
  }
}
