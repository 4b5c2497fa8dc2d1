package org.alignment4j.oversight.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.jspecify.annotations.Nullable;

/** Distributions over choices as plain values. A logarithm of zero is written as null. */
final class ChoiceFields {
  private ChoiceFields() {}

  static Map<String, @Nullable Object> encode(ChoiceDistribution distribution) {
    List<Object> choices = new ArrayList<>();
    for (ChoiceProbability choice : distribution.choices()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("text", choice.text());
      fields.put("probability", choice.probability());
      fields.put(
          "log_prob",
          choice.logProb() == Double.NEGATIVE_INFINITY ? null : (Object) choice.logProb());
      List<Object> tokens = new ArrayList<>();
      for (int i = 0; i < choice.tokens().size(); i++) {
        tokens.add((long) choice.tokens().get(i));
      }
      fields.put("tokens", tokens);
      fields.put("tokenizations", (long) choice.tokenizations());
      choices.add(fields);
    }
    Usage usage = distribution.usage();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("choices", choices);
    fields.put("unexplored", distribution.unexplored());
    fields.put(
        "usage",
        List.of(
            usage.calls(),
            usage.promptTokens(),
            usage.cachedTokens(),
            usage.completionTokens(),
            usage.scoredTokens(),
            usage.retries(),
            usage.time().toNanos()));
    return fields;
  }

  static ChoiceDistribution decode(Map<String, @Nullable Object> fields) {
    List<ChoiceProbability> choices = new ArrayList<>();
    for (Object element : list(fields, "choices")) {
      Map<?, ?> choice = (Map<?, ?>) element;
      @Nullable Object logProb = choice.get("log_prob");
      choices.add(
          new ChoiceProbability(
              String.valueOf(choice.get("text")),
              ((Number) value(choice, "probability")).doubleValue(),
              logProb == null ? Double.NEGATIVE_INFINITY : ((Number) logProb).doubleValue(),
              TokenIds.of(
                  list(choice, "tokens").stream()
                      .mapToInt(id -> Math.toIntExact(((Number) id).longValue()))
                      .toArray()),
              Math.toIntExact(((Number) value(choice, "tokenizations")).longValue())));
    }
    List<Long> usage =
        list(fields, "usage").stream().map(count -> ((Number) count).longValue()).toList();
    return new ChoiceDistribution(
        choices,
        ((Number) value(fields, "unexplored")).doubleValue(),
        new Usage(
            usage.get(0),
            usage.get(1),
            usage.get(2),
            usage.get(3),
            usage.get(4),
            usage.get(5),
            Duration.ofNanos(usage.get(6))));
  }

  private static Object value(Map<?, ?> fields, String name) {
    @Nullable Object value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "a recorded choice must have the field '" + name + "' but has " + fields.keySet());
    }
    return value;
  }

  private static List<?> list(Map<?, ?> fields, String name) {
    return (List<?>) value(fields, name);
  }
}
