package org.alignment4j.core.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenLogProb;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Completions as plain values. A log-probability of negative infinity (probability 0) is written as
 * null, which stands for nothing else there. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CompletionCodec implements JsonCodec<Completion> {
  /** Creates the codec. */
  public CompletionCodec() {}

  @Override
  public Map<String, @Nullable Object> encode(Completion completion) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("text", completion.text());
    fields.put("finish", completion.finishReason().name());
    fields.put("usage", encodeUsage(completion.usage()));
    if (!completion.tokens().isEmpty()) {
      List<Object> ids = new ArrayList<>();
      for (int i = 0; i < completion.tokens().size(); i++) {
        ids.add((long) completion.tokens().get(i));
      }
      fields.put("tokens", ids);
    }
    encode("log_probs", completion.logProbs(), fields);
    encode("model_log_probs", completion.modelLogProbs(), fields);
    if (!completion.topLogProbs().isEmpty()) {
      List<Object> positions = new ArrayList<>();
      for (List<TokenLogProb> candidates : completion.topLogProbs()) {
        positions.add(candidates.stream().map(CompletionCodec::encodeCandidate).toList());
      }
      fields.put("top_log_probs", positions);
    }
    return fields;
  }

  private static void encode(
      String name, @Nullable LogProbs logProbs, Map<String, @Nullable Object> fields) {
    if (logProbs != null) {
      List<@Nullable Object> values = new ArrayList<>();
      for (double value : logProbs.toArray()) {
        values.add(finite(value));
      }
      fields.put(name, values);
    }
  }

  private static @Nullable LogProbs decode(String name, Map<String, @Nullable Object> fields) {
    return fields.containsKey(name)
        ? LogProbs.of(
            Fields.list(fields, name).stream().mapToDouble(CompletionCodec::logProb).toArray())
        : null;
  }

  private static Map<String, @Nullable Object> encodeCandidate(TokenLogProb candidate) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("text", candidate.text());
    fields.put("id", candidate.id().isPresent() ? (long) candidate.id().getAsInt() : null);
    fields.put("log_prob", finite(candidate.logProb()));
    return fields;
  }

  private static Map<String, @Nullable Object> encodeUsage(Usage usage) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("calls", usage.calls());
    fields.put("prompt_tokens", usage.promptTokens());
    fields.put("cached_tokens", usage.cachedTokens());
    fields.put("completion_tokens", usage.completionTokens());
    fields.put("scored_tokens", usage.scoredTokens());
    fields.put("retries", usage.retries());
    fields.put("time", usage.time().toString());
    return fields;
  }

  private static @Nullable Object finite(double value) {
    return value == Double.NEGATIVE_INFINITY ? null : (Object) value;
  }

  @Override
  public Completion decode(Map<String, @Nullable Object> fields) {
    return new Completion(
        Fields.text(fields, "text"),
        fields.containsKey("tokens") ? decodeIds(Fields.list(fields, "tokens")) : TokenIds.empty(),
        decode("log_probs", fields),
        decode("model_log_probs", fields),
        fields.containsKey("top_log_probs")
            ? Fields.list(fields, "top_log_probs").stream()
                .map(CompletionCodec::decodeCandidates)
                .toList()
            : List.of(),
        FinishReason.valueOf(Fields.text(fields, "finish")),
        decodeUsage(Fields.object(fields, "usage")));
  }

  private static TokenIds decodeIds(List<?> ids) {
    return TokenIds.of(
        ids.stream().mapToInt(id -> Math.toIntExact(((Number) id).longValue())).toArray());
  }

  private static List<TokenLogProb> decodeCandidates(@Nullable Object position) {
    List<TokenLogProb> candidates = new ArrayList<>();
    if (position instanceof List<?> list) {
      for (Object element : list) {
        Map<?, ?> fields = (Map<?, ?>) element;
        candidates.add(
            new TokenLogProb(
                Fields.text(fields, "text"),
                fields.get("id") == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(Math.toIntExact(Fields.whole(fields, "id"))),
                logProb(fields.get("log_prob"))));
      }
    }
    return candidates;
  }

  private static double logProb(@Nullable Object value) {
    return value == null ? Double.NEGATIVE_INFINITY : ((Number) value).doubleValue();
  }

  private static Usage decodeUsage(Map<?, ?> fields) {
    return new Usage(
        Fields.whole(fields, "calls"),
        Fields.whole(fields, "prompt_tokens"),
        Fields.whole(fields, "cached_tokens"),
        Fields.whole(fields, "completion_tokens"),
        Fields.whole(fields, "scored_tokens"),
        Fields.whole(fields, "retries"),
        Duration.parse(Fields.text(fields, "time")));
  }
}
