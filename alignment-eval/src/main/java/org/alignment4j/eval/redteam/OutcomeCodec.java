package org.alignment4j.eval.redteam;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.journal.JsonCodec;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes as plain values. Figures that are not finite are left out: JSON has no form for them.
 */
final class OutcomeCodec implements JsonCodec<AttackOutcome> {

  @Override
  public Map<String, @Nullable Object> encode(AttackOutcome outcome) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("goal", outcome.goal());
    if (outcome.success() instanceof Score.Scored scored) {
      fields.put("success", scored.value());
    } else if (outcome.success() instanceof Score.Unscored unscored) {
      fields.put("unscored", unscored.reason());
    } else {
      fields.put("failed", ((Score.Failed) outcome.success()).error());
    }
    fields.put("prompt", outcome.prompt());
    fields.put("reply", outcome.reply());
    fields.put("steps", outcome.effort().steps());
    fields.put("forwards", outcome.effort().forwards());
    fields.put("queries", outcome.effort().queries());
    fields.put("usage", UsageFields.encode(outcome.effort().usage()));
    if (outcome.successAt().isPresent()) {
      fields.put("success_at", outcome.successAt().getAsLong());
    }
    fields.put(
        "curve",
        outcome.curve().stream()
            .filter(point -> Double.isFinite(point.loss()))
            .map(point -> List.of(point.work(), point.loss()))
            .toList());
    Map<String, Double> figures = new LinkedHashMap<>();
    outcome
        .figures()
        .forEach(
            (name, value) -> {
              if (Double.isFinite(value)) {
                figures.put(name, value);
              }
            });
    fields.put("figures", figures);
    return fields;
  }

  @Override
  public AttackOutcome decode(Map<String, @Nullable Object> fields) {
    return new AttackOutcome(
        text(fields, "goal"),
        success(fields),
        text(fields, "prompt"),
        text(fields, "reply"),
        new Effort(
            whole(fields, "steps"),
            whole(fields, "forwards"),
            whole(fields, "queries"),
            UsageFields.decode(fields.get("usage"))),
        fields.containsKey("success_at")
            ? OptionalLong.of(whole(fields, "success_at"))
            : OptionalLong.empty(),
        curve(field(fields, "curve", List.class)),
        figures(field(fields, "figures", Map.class)));
  }

  private static Score success(Map<String, @Nullable Object> fields) {
    if (fields.containsKey("success")) {
      return new Score.Scored(field(fields, "success", Number.class).doubleValue());
    }
    return fields.containsKey("unscored")
        ? new Score.Unscored(text(fields, "unscored"))
        : new Score.Failed(text(fields, "failed"));
  }

  private static List<AttackOutcome.LossPoint> curve(List<?> points) {
    List<AttackOutcome.LossPoint> curve = new ArrayList<>();
    for (Object point : points) {
      List<?> pair = (List<?>) point;
      curve.add(
          new AttackOutcome.LossPoint(
              ((Number) pair.get(0)).longValue(), ((Number) pair.get(1)).doubleValue()));
    }
    return curve;
  }

  private static Map<String, Double> figures(Map<?, ?> values) {
    Map<String, Double> figures = new LinkedHashMap<>();
    values.forEach((name, value) -> figures.put((String) name, ((Number) value).doubleValue()));
    return figures;
  }

  private static String text(Map<String, @Nullable Object> fields, String name) {
    return field(fields, name, String.class);
  }

  private static long whole(Map<String, @Nullable Object> fields, String name) {
    return field(fields, name, Long.class);
  }

  private static <T> T field(Map<String, @Nullable Object> fields, String name, Class<T> type) {
    @Nullable Object value = fields.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "field '" + name + "' must be a " + type.getSimpleName() + " but was " + value);
    }
    return Objects.requireNonNull(type.cast(value));
  }
}
