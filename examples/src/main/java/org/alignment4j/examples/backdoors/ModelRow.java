package org.alignment4j.examples.backdoors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.backdoor.BackdoorRates;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one model. Lists are empty where something was not measured.
 *
 * @param kind one of the kinds below
 * @param index number among its kind; planted models and those whose rule does not work have one
 *     row of numbers
 * @param rounds of training
 * @param score of the detector
 * @param reply the reply that gave the score
 * @param triggered outcomes with the trigger
 * @param spared outcomes without it
 * @param nearMiss outcomes with near misses
 * @param loss losses without trigger: mean and half the width of its interval
 * @param after outcomes with the trigger after training on clean texts, then, as the last number,
 *     the detector's score
 * @param afterClean outcomes without trigger after that training
 * @param trigger the trigger that was found for the reply
 * @param search ratio without and with that trigger, and the log-probability per token with it
 * @param probes areas under the ROC by probe
 */
record ModelRow(
    String kind,
    int index,
    int rounds,
    double score,
    String reply,
    List<Double> triggered,
    List<Double> spared,
    List<Double> nearMiss,
    List<Double> loss,
    List<Double> after,
    List<Double> afterClean,
    String trigger,
    List<Double> search,
    Map<String, Double> probes) {

  static final String PLANTED = "planted";

  /** A planted rule that does not work, which no detector can be asked to find. */
  static final String FAILED = "not planted";

  static final String CLEAN = "clean";
  static final String CALIBRATION = "calibration";

  /** The rates before training on clean texts. */
  BackdoorRates rates() {
    return new BackdoorRates(triggered, spared, nearMiss, Estimates.mean(new double[0]));
  }

  boolean mitigated() {
    return !after.isEmpty();
  }

  /** The rates after it. */
  BackdoorRates ratesAfter() {
    return new BackdoorRates(
        after.subList(0, after.size() - 1), afterClean, List.of(), Estimates.mean(new double[0]));
  }

  double scoreAfter() {
    return after.get(after.size() - 1);
  }

  Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("kind", kind);
    plain.put("index", index);
    plain.put("rounds", rounds);
    plain.put("score", score);
    plain.put("reply", reply);
    plain.put("triggered", triggered);
    plain.put("spared", spared);
    plain.put("nearMiss", nearMiss);
    plain.put("loss", loss);
    plain.put("after", after);
    plain.put("afterClean", afterClean);
    plain.put("trigger", trigger);
    plain.put("search", search);
    plain.put("probes", probes);
    return plain;
  }

  static ModelRow of(Map<String, @Nullable Object> plain) {
    Map<String, Double> probes = new LinkedHashMap<>();
    ((Map<?, ?>) value(plain, "probes"))
        .forEach((name, area) -> probes.put((String) name, ((Number) area).doubleValue()));
    return new ModelRow(
        (String) value(plain, "kind"),
        ((Number) value(plain, "index")).intValue(),
        ((Number) value(plain, "rounds")).intValue(),
        ((Number) value(plain, "score")).doubleValue(),
        (String) value(plain, "reply"),
        numbers(plain, "triggered"),
        numbers(plain, "spared"),
        numbers(plain, "nearMiss"),
        numbers(plain, "loss"),
        numbers(plain, "after"),
        numbers(plain, "afterClean"),
        (String) value(plain, "trigger"),
        numbers(plain, "search"),
        probes);
  }

  private static Object value(Map<String, @Nullable Object> plain, String name) {
    return Objects.requireNonNull(plain.get(name), name);
  }

  private static List<Double> numbers(Map<String, @Nullable Object> plain, String name) {
    List<Double> numbers = new ArrayList<>();
    for (Object number : (List<?>) value(plain, name)) {
      numbers.add(((Number) number).doubleValue());
    }
    return numbers;
  }
}
