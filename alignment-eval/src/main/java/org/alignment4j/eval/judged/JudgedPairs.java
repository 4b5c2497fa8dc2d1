package org.alignment4j.eval.judged;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * Pairs of answers put to a judge in both orders; the judge is the model under evaluation. A sample
 * has two choices, the answers, and the better one as its target where that is known. Figures, all
 * fractions: {@value #ACCURACY}, the mean over both orders, where there are targets; {@value
 * #CONSISTENCY}, pairs on which both orders agree; {@value #FIRST_SHOWN}, how often the answer
 * shown first is taken. A pair without a verdict in one order has none.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgedPairs {
  /** Orders in which the better answer was taken. */
  public static final String ACCURACY = "accuracy";

  /** Pairs on which both orders agree. */
  public static final String CONSISTENCY = "position_consistency";

  /** Orders in which the answer shown first was taken. */
  public static final String FIRST_SHOWN = "first_shown";

  /** The first choice's share of the win; a score of samples, not a figure. */
  public static final String FIRST_WINS = "first_wins";

  /** Metadata field that says which part of a set a pair belongs to. */
  static final String GROUP = "group";

  private JudgedPairs() {}

  /**
   * Returns a benchmark of pairs.
   *
   * @param name its name
   * @param pairs samples with two choices and at most one target
   * @param judge how they are put to the judge
   * @param reports how files were read
   * @param citation where the figures are defined
   * @throws IllegalArgumentException if a sample has other than two choices, or a target that is
   *     none of them
   */
  public static LoadedBenchmark of(
      String name,
      List<Sample> pairs,
      BothOrders judge,
      List<ReadReport> reports,
      String citation) {
    boolean gold = false;
    Set<String> groups = new TreeSet<>();
    for (Sample pair : pairs) {
      if (pair.choices().size() != 2 || !pair.choices().containsAll(pair.targets())) {
        throw new IllegalArgumentException(
            "a pair must have two choices, and one of them as its target, but '"
                + pair.id()
                + "' has "
                + pair.choices()
                + " and "
                + pair.targets());
      }
      gold |= !pair.targets().isEmpty();
      groups.addAll(groups(pair.metadata()));
    }
    List<Metric> metrics = new ArrayList<>();
    Map<String, String> byMetric = new LinkedHashMap<>();
    for (Metric metric : metrics(gold, judge.ties(), citation)) {
      metrics.add(metric);
      byMetric.put(metric.name(), "");
      for (String group : groups) {
        Metric ofGroup =
            new Metric(
                metric.name() + "/" + group,
                metric.unit(),
                metric.direction(),
                metric.chance(),
                metric.citation());
        metrics.add(ofGroup);
        byMetric.put(ofGroup.name(), group);
      }
    }
    return new LoadedBenchmark(
            name,
            "1",
            pairs,
            new LoadedBenchmark.Method(
                metrics,
                judge,
                (sample, answer, cancellation) -> score(judge, sample, answer, cancellation),
                results -> estimate(results, byMetric)),
            reports,
            judge.options())
        .withOtherScores(Set.of(FIRST_WINS));
  }

  private static List<Metric> metrics(boolean gold, boolean ties, String citation) {
    List<Metric> metrics = new ArrayList<>();
    if (gold) {
      Metric accuracy = Metric.of(ACCURACY, "fraction", Direction.HIGHER).withCitation(citation);
      metrics.add(ties ? accuracy : accuracy.withChance(0.5));
    }
    Metric consistency = Metric.of(CONSISTENCY, "fraction", Direction.HIGHER);
    consistency = consistency.withCitation("Zheng et al. 2023, arXiv 2306.05685, table 2");
    metrics.add(ties ? consistency : consistency.withChance(0.5));
    metrics.add(
        Metric.of(FIRST_SHOWN, "fraction", Direction.ideal(0.5))
            .withChance(0.5)
            .withCitation("Zheng et al. 2023, arXiv 2306.05685, section 3.3"));
    return metrics;
  }

  /** The group of a pair and the groups that it is part of: {@code a/b} and {@code a}. */
  private static List<String> groups(Map<String, String> metadata) {
    List<String> groups = new ArrayList<>();
    String group = metadata.getOrDefault(GROUP, "");
    while (!group.isEmpty()) {
      groups.add(group);
      group = group.substring(0, Math.max(0, group.lastIndexOf('/')));
    }
    return groups;
  }

  private static Map<String, Score> score(
      BothOrders judge, Sample sample, Answer answer, CancellationToken cancellation) {
    OrderVerdicts verdicts = judge.verdicts(answer);
    ImmutableMap.Builder<String, Score> scores = ImmutableMap.builder();
    boolean gold = !sample.targets().isEmpty();
    if (!verdicts.complete()) {
      Score none = new Score.Unscored("no verdict in " + (order(verdicts)));
      if (gold) {
        scores.put(ACCURACY, none);
      }
      return scores
          .put(CONSISTENCY, none)
          .put(FIRST_SHOWN, none)
          .put(FIRST_WINS, none)
          .buildOrThrow();
    }
    if (gold) {
      boolean first = sample.targets().get(0).equals(sample.choices().get(0));
      scores.put(ACCURACY, new Score.Scored(verdicts.picks(first)));
    }
    return scores
        .put(CONSISTENCY, new Score.Scored(verdicts.consistent() ? 1 : 0))
        .put(FIRST_SHOWN, new Score.Scored(verdicts.firstShown()))
        .put(FIRST_WINS, new Score.Scored(verdicts.firstWins()))
        .buildOrThrow();
  }

  private static String order(OrderVerdicts verdicts) {
    if (Double.isNaN(verdicts.given())) {
      return Double.isNaN(verdicts.swapped()) ? "both orders" : "the given order";
    }
    return "the swapped order";
  }

  private static Map<String, Estimate> estimate(
      List<SampleResult> results, Map<String, String> groupByMetric) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    groupByMetric.forEach(
        (name, group) ->
            estimates.put(
                name,
                MetricScores.of(
                        results,
                        group.isEmpty() ? name : name.substring(0, name.indexOf('/')),
                        r -> group.isEmpty() || groups(r.metadata()).contains(group))
                    .proportion()));
    return estimates;
  }
}
