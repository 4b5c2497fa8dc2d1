package org.alignment4j.eval.redteam.genetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.redteam.AttackOutcome.LossPoint;
import org.alignment4j.eval.redteam.UsageFields;
import org.jspecify.annotations.Nullable;

/**
 * Where a breeding stands before a generation is scored.
 *
 * @param generation generations scored so far
 * @param texts the next generation
 * @param words what words are worth
 * @param best the best text so far
 * @param bestLoss its loss
 * @param tested the text tested last; empty when none was
 * @param reply the reply in that test
 * @param unscored why the test had no verdict; empty when it had one
 * @param queries tests made
 * @param forwards texts scored
 * @param initialLoss the best loss of the first generation
 * @param usage what it cost
 * @param curve the best loss by forwards, wherever it fell
 */
record GeneticState(
    int generation,
    List<String> texts,
    WordScores words,
    String best,
    double bestLoss,
    String tested,
    String reply,
    String unscored,
    long queries,
    long forwards,
    double initialLoss,
    Usage usage,
    List<LossPoint> curve) {

  GeneticState {
    texts = List.copyOf(texts);
    curve = List.copyOf(curve);
  }

  static GeneticState begin(List<String> texts, Usage usage) {
    return new GeneticState(
        0,
        texts,
        WordScores.none(),
        texts.get(0),
        Double.POSITIVE_INFINITY,
        "",
        "",
        "",
        0,
        0,
        Double.POSITIVE_INFINITY,
        usage,
        List.of());
  }

  Map<String, @Nullable Object> encode() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("generation", (long) generation);
    fields.put("texts", texts);
    fields.put("words", words.scores());
    fields.put("best", best);
    fields.put("best_loss", bestLoss);
    fields.put("tested", tested);
    fields.put("reply", reply);
    fields.put("unscored", unscored);
    fields.put("queries", queries);
    fields.put("forwards", forwards);
    fields.put("initial_loss", initialLoss);
    fields.put("usage", UsageFields.encode(usage));
    fields.put("curve", curve.stream().map(p -> List.of(p.work(), p.loss())).toList());
    return fields;
  }

  static GeneticState decode(Map<String, @Nullable Object> fields) {
    List<LossPoint> curve = new ArrayList<>();
    for (Object point : (List<?>) required(fields, "curve")) {
      List<?> pair = (List<?>) point;
      curve.add(
          new LossPoint(((Number) pair.get(0)).longValue(), ((Number) pair.get(1)).doubleValue()));
    }
    Map<String, Double> words = new LinkedHashMap<>();
    ((Map<?, ?>) required(fields, "words"))
        .forEach((word, score) -> words.put((String) word, ((Number) score).doubleValue()));
    return new GeneticState(
        (int) number(fields, "generation").longValue(),
        ((List<?>) required(fields, "texts")).stream().map(String.class::cast).toList(),
        new WordScores(words),
        (String) required(fields, "best"),
        number(fields, "best_loss").doubleValue(),
        (String) required(fields, "tested"),
        (String) required(fields, "reply"),
        (String) required(fields, "unscored"),
        number(fields, "queries").longValue(),
        number(fields, "forwards").longValue(),
        number(fields, "initial_loss").doubleValue(),
        UsageFields.decode(fields.get("usage")),
        curve);
  }

  private static Number number(Map<String, @Nullable Object> fields, String name) {
    return (Number) required(fields, name);
  }

  private static Object required(Map<String, @Nullable Object> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }
}
