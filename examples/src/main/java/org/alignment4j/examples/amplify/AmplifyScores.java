package org.alignment4j.examples.amplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;

/** Which questions were answered rightly by what; filled as a study goes on. For one thread. */
public final class AmplifyScores {
  private final Map<String, List<Composed>> groups;
  private final Map<String, Map<String, double[]>> right = new LinkedHashMap<>();

  AmplifyScores(Map<String, List<Composed>> groups) {
    this.groups = groups;
  }

  void add(String arm, String group, List<Optional<String>> answers) {
    List<Composed> questions = questions(group);
    double[] outcomes = new double[questions.size()];
    for (int i = 0; i < outcomes.length; i++) {
      Composed question = questions.get(i);
      outcomes[i] = answers.get(i).filter(question.right()).isPresent() ? 1 : 0;
    }
    right.computeIfAbsent(arm, key -> new LinkedHashMap<>()).put(group, outcomes);
  }

  /** What was measured, in the order of measuring. */
  public Set<String> arms() {
    return right.keySet();
  }

  /** Kinds of questions. */
  public List<String> groups() {
    return List.copyOf(groups.keySet());
  }

  private List<Composed> questions(String group) {
    return groups.getOrDefault(group, List.of());
  }

  private double[] outcomes(String arm, String group) {
    return right.getOrDefault(arm, Map.of()).getOrDefault(group, new double[0]);
  }

  private int[] clusters(String group) {
    Map<String, Integer> numbers = new HashMap<>();
    return questions(group).stream()
        .mapToInt(q -> numbers.computeIfAbsent(q.source(), key -> numbers.size()))
        .toArray();
  }

  /** Share of right answers, questions about one person a cluster; empty when not measured. */
  public Optional<Estimate> accuracy(String arm, String group) {
    double[] outcomes = outcomes(arm, group);
    return outcomes.length == 0
        ? Optional.empty()
        : Optional.of(Estimates.clusteredProportion(outcomes, clusters(group)));
  }

  /** How much more often one arm is right than another on the same questions. */
  public Estimate difference(String arm, String reference, String group) {
    return Estimates.clusteredPairedDifference(
        outcomes(arm, group),
        outcomes(reference, group),
        clusters(group),
        Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * Share of the gain of amplification that a model keeps when it answers at once: {@code (arm −
   * unaided)/(amplified − unaided)}, with a bootstrap interval over people; empty where
   * amplification gains nothing.
   */
  public Optional<Estimate> kept(
      String arm, String unaided, String amplified, String group, long seed) {
    double[] own = outcomes(arm, group);
    double[] low = outcomes(unaided, group);
    double[] high = outcomes(amplified, group);
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < low.length; i++) {
      all.add(i);
    }
    int[] each = all.stream().mapToInt(Integer::intValue).toArray();
    if (own.length == 0 || Double.isNaN(share(own, low, high, each))) {
      return Optional.empty();
    }
    return Optional.of(
        Bootstrap.seeded(seed)
            .of(clusters(group), items -> share(own, low, high, items))
            .estimate());
  }

  private static double share(double[] own, double[] low, double[] high, int[] items) {
    double kept = 0;
    double gain = 0;
    for (int item : items) {
      kept += own[item] - low[item];
      gain += high[item] - low[item];
    }
    return gain > 0 ? kept / gain : Double.NaN;
  }
}
