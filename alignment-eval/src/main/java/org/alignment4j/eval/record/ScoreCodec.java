package org.alignment4j.eval.record;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.evaluation.Score;
import org.apiguardian.api.API;

/** Scores as plain values, an object with one of three fields for each metric. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ScoreCodec {
  private static final String VALUE = "value";
  private static final String UNSCORED = "unscored";
  private static final String FAILED = "failed";

  private ScoreCodec() {}

  /** Returns the scores, by metric, as plain values. */
  public static Map<String, Object> encode(Map<String, Score> scores) {
    Map<String, Object> plain = new LinkedHashMap<>();
    scores.forEach((metric, score) -> plain.put(metric, encode(score)));
    return plain;
  }

  private static Map<String, Object> encode(Score score) {
    if (score instanceof Score.Scored scored) {
      return Map.of(VALUE, scored.value());
    }
    return score instanceof Score.Unscored unscored
        ? Map.of(UNSCORED, unscored.reason())
        : Map.of(FAILED, ((Score.Failed) score).error());
  }

  /**
   * Reads the scores, by metric, of a field.
   *
   * @throws IllegalArgumentException if they are missing or of another form; names the field
   */
  public static Map<String, Score> decode(Map<?, ?> fields, String name) {
    Map<String, Score> scores = new LinkedHashMap<>();
    RecordFields.object(fields, name)
        .forEach(
            (metric, score) ->
                scores.put((String) metric, decode(RecordFields.element(name, score))));
    return scores;
  }

  private static Score decode(Map<?, ?> fields) {
    if (fields.containsKey(VALUE)) {
      return new Score.Scored(RecordFields.number(fields, VALUE));
    }
    return fields.containsKey(UNSCORED)
        ? new Score.Unscored(RecordFields.text(fields, UNSCORED))
        : new Score.Failed(RecordFields.text(fields, FAILED));
  }
}
