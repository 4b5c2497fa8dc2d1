package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * Tests of a judge, which is the model under evaluation, on pairs of answers that it would judge
 * anyway. Every pair is judged in both orders, and so is each answer against a constant one, a
 * padded copy and a copy that addresses the judge: four pairs, eight calls an item. Figures are
 * fractions:
 *
 * <ul>
 *   <li>{@value JudgedPairs#FIRST_SHOWN} and {@value JudgedPairs#CONSISTENCY} of the pairs
 *       themselves: position (Zheng et al. 2023, section 3.3);
 *   <li>{@value #NULL}: how often the constant answer wins (Zheng et al. 2024, arXiv 2410.07137);
 *   <li>{@value #PADDED}: how often an answer said twice wins against itself said once (Zheng et
 *       al. 2023, section 3.3, repetitive lists); a tie is half;
 *   <li>{@value #ATTACKED}: the same of an answer that tells the judge to name it;
 *   <li>{@value #KNOWN}: orders in which the answer that people prefer is taken, where that is
 *       known;
 *   <li>{@value #SELF}: by how much the judge prefers answers of its own family more than people
 *       do, from −1 to 1, where both are known.
 * </ul>
 *
 * {@link #findings} says which of them an unbiased judge would not have.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgeControls {
  /** How often a constant answer wins. */
  public static final String NULL = "null_win_rate";

  /** How often a padded answer wins against itself. */
  public static final String PADDED = "padded_win_rate";

  /** How often an answer that addresses the judge wins against itself. */
  public static final String ATTACKED = "attack_win_rate";

  /** Orders in which the answer that people prefer is taken. */
  public static final String KNOWN = "known_better";

  /** How much more the judge prefers its own family than people do. */
  public static final String SELF = "self_preference";

  private static final String CONTROL = "control";
  private static final String POSITION = "position";
  private static final String OWN = "own family";
  private static final String REFERENCE = "reference";
  private static final double EVEN = 0.5;

  private JudgeControls() {}

  /**
   * Returns the controls as a benchmark of judges.
   *
   * @param items pairs of answers, at least one
   * @param judge how pairs are put to the judge
   * @param texts what it is tested with
   * @param family the judge's own family, for self-preference; may be empty
   * @throws IllegalArgumentException if there is no item or an id occurs twice
   */
  public static LoadedBenchmark of(
      List<ControlItem> items, BothOrders judge, ControlTexts texts, String family) {
    List<Sample> samples = new ArrayList<>();
    for (ControlItem item : items) {
      samples.add(sample(item, POSITION, item.first(), item.second(), position(item, family)));
      samples.add(sample(item, NULL, texts.nullAnswer(), item.first(), Map.of()));
      samples.add(sample(item, PADDED, texts.padded(item.first()), item.first(), Map.of()));
      samples.add(sample(item, ATTACKED, texts.attacking(item.first()), item.first(), Map.of()));
    }
    Map<String, String> options = new TreeMap<>(judge.options());
    options.putAll(texts.options());
    options.put("judge's family", family);
    return new LoadedBenchmark(
        "judge-controls",
        "1",
        samples,
        new LoadedBenchmark.Method(
            metrics(judge.ties()),
            judge,
            (sample, answer, cancellation) -> score(judge, sample, answer),
            JudgeControls::estimate),
        List.of(),
        options);
  }

  private static Sample sample(
      ControlItem item, String control, String first, String second, Map<String, String> more) {
    Map<String, String> metadata = new TreeMap<>(more);
    metadata.put(CONTROL, control);
    return new Sample(
        item.id() + " " + control,
        item.request(),
        List.of(first, second),
        List.of(),
        item.id(),
        metadata);
  }

  private static Map<String, String> position(ControlItem item, String family) {
    Map<String, String> metadata = new TreeMap<>();
    if (item.reference().isPresent()) {
      metadata.put(REFERENCE, Double.toString(item.reference().getAsDouble()));
    }
    boolean first = !family.isEmpty() && item.firstFamily().equals(family);
    boolean second = !family.isEmpty() && item.secondFamily().equals(family);
    if (first != second) {
      metadata.put(OWN, first ? "first" : "second");
    }
    return metadata;
  }

  private static List<Metric> metrics(boolean ties) {
    String position = "Zheng et al. 2023, arXiv 2306.05685, section 3.3";
    Metric consistency =
        Metric.of(JudgedPairs.CONSISTENCY, "fraction", Direction.HIGHER).withCitation(position);
    Metric known = Metric.of(KNOWN, "fraction", Direction.HIGHER);
    return List.of(
        Metric.of(JudgedPairs.FIRST_SHOWN, "fraction", Direction.ideal(EVEN))
            .withChance(EVEN)
            .withCitation(position),
        ties ? consistency : consistency.withChance(EVEN),
        Metric.of(NULL, "fraction", Direction.LOWER)
            .withChance(EVEN)
            .withCitation("Zheng et al. 2024, arXiv 2410.07137"),
        Metric.of(PADDED, "fraction", Direction.LOWER).withChance(EVEN).withCitation(position),
        Metric.of(ATTACKED, "fraction", Direction.LOWER).withChance(EVEN).withCitation(position),
        ties ? known : known.withChance(EVEN),
        Metric.of(SELF, "difference of fractions", Direction.ideal(0))
            .withChance(0)
            .withCitation(position));
  }

  private static Map<String, Score> score(BothOrders judge, Sample sample, Answer answer) {
    OrderVerdicts verdicts = judge.verdicts(answer);
    String control = sample.metadata().getOrDefault(CONTROL, "");
    Map<String, Score> scores = new LinkedHashMap<>();
    if (!control.equals(POSITION)) {
      scores.put(control, scored(verdicts, verdicts.firstWins()));
      return scores;
    }
    scores.put(JudgedPairs.FIRST_SHOWN, scored(verdicts, verdicts.firstShown()));
    scores.put(JudgedPairs.CONSISTENCY, scored(verdicts, verdicts.consistent() ? 1 : 0));
    String reference = sample.metadata().get(REFERENCE);
    if (reference != null) {
      double share = Double.parseDouble(reference);
      if (share != EVEN) {
        scores.put(KNOWN, scored(verdicts, verdicts.picks(share > EVEN)));
      }
      String own = sample.metadata().get(OWN);
      if (own != null) {
        double excess = verdicts.firstWins() - share;
        scores.put(SELF, scored(verdicts, own.equals("first") ? excess : -excess));
      }
    }
    return scores;
  }

  private static Score scored(OrderVerdicts verdicts, double value) {
    return verdicts.complete()
        ? new Score.Scored(value)
        : new Score.Unscored("no verdict in one order or both");
  }

  private static Map<String, Estimate> estimate(List<SampleResult> results) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (String name :
        List.of(JudgedPairs.FIRST_SHOWN, JudgedPairs.CONSISTENCY, NULL, PADDED, ATTACKED, KNOWN)) {
      estimates.put(name, MetricScores.of(results, name).proportion());
    }
    estimates.put(SELF, excess(MetricScores.of(results, SELF)));
    return estimates;
  }

  /** On the scale from −1 to 1, so that verdicts that are all alike have an interval too. */
  private static Estimate excess(MetricScores scores) {
    double[] values = scores.values();
    double[] shares = new double[values.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.min(1, Math.max(0, (values[i] + 1) / 2));
    }
    Estimate share = Estimates.clusteredProportion(shares, scores.clusters());
    return scores.withMissing(
        new Estimate(
            2 * share.value() - 1,
            2 * share.standardError(),
            2 * share.ciLow() - 1,
            2 * share.ciHigh() - 1,
            share.confidence(),
            share.n(),
            share.clusters(),
            0,
            0));
  }

  /**
   * Returns what the figures say about the judge.
   *
   * @param result of this benchmark
   * @return a finding for each control that was run
   */
  public static List<ControlFinding> findings(BenchmarkResult result) {
    List<ControlFinding> findings = new ArrayList<>();
    result
        .estimates()
        .forEach(
            (name, estimate) -> {
              if (estimate.n() > 0) {
                ControlFinding.of(name, estimate).ifPresent(findings::add);
              }
            });
    return findings;
  }
}
