package org.alignment4j.oversight.weaktostrong;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * What weak-to-strong experiments came to over several seeds. An arm's accuracy on a test answer is
 * its mean over seeds; intervals are over the test answers, sources as a whole, and so say nothing
 * of how trainings vary: that is what {@link #recoveredBySeed} shows.
 *
 * @param accuracies share of right test answers by arm
 * @param labels share of right labels of the weak supervisors on the students' halves; an answer
 *     that several of them label counts each time, so that the interval is rather too narrow
 * @param recovered by student, the share of the gap that it recovers, with a paired bootstrap;
 *     empty where the ceiling is not above the supervisor
 * @param recoveredBySeed by student, the same of each seed alone
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WeakToStrongScores(
    Map<String, Estimate> accuracies,
    Estimate labels,
    Map<String, Optional<Bootstrap.Result>> recovered,
    Map<String, List<OptionalDouble>> recoveredBySeed) {

  /** Copies. */
  public WeakToStrongScores {
    Objects.requireNonNull(labels, "labels");
    accuracies = ImmutableMap.copyOf(accuracies);
    recovered = ImmutableMap.copyOf(recovered);
    recoveredBySeed = ImmutableMap.copyOf(recoveredBySeed);
  }

  /**
   * Scores trials on one test.
   *
   * @param trials at least one, of the same arms and the same test
   * @param test the test answers, in the order of the trials' results
   * @param students the arms that learnt from the weak supervisor
   * @param bootstrap how test answers are resampled
   * @throws IllegalArgumentException if there is no trial, or one has another number of results
   */
  public static WeakToStrongScores of(
      List<Trial> trials,
      List<KnownAnswer> test,
      Collection<String> students,
      Bootstrap bootstrap) {
    if (trials.isEmpty()) {
      throw new IllegalArgumentException("trials must be at least one but there is none");
    }
    int[] sources = sources(test);
    Map<String, Estimate> accuracies = new LinkedHashMap<>();
    accuracies.put(WeakToStrong.MAJORITY, Estimates.clusteredProportion(majority(test), sources));
    for (String arm : trials.get(0).right().keySet()) {
      accuracies.put(arm, Estimates.clusteredProportion(means(trials, arm, test.size()), sources));
    }
    double[] weak = means(trials, WeakToStrong.WEAK, test.size());
    double[] ceiling = means(trials, WeakToStrong.CEILING, test.size());
    Map<String, Optional<Bootstrap.Result>> recovered = new LinkedHashMap<>();
    Map<String, List<OptionalDouble>> bySeed = new LinkedHashMap<>();
    for (String student : students) {
      double[] learnt = means(trials, student, test.size());
      recovered.put(student, PerformanceGap.recovered(weak, learnt, ceiling, sources, bootstrap));
      bySeed.put(student, trials.stream().map(trial -> trial.recovered(student)).toList());
    }
    return new WeakToStrongScores(accuracies, labels(trials), recovered, bySeed);
  }

  private static Estimate labels(List<Trial> trials) {
    List<Double> right = new ArrayList<>();
    trials.forEach(trial -> right.addAll(trial.labelsRight()));
    return Estimates.proportion(right.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double[] majority(List<KnownAnswer> test) {
    boolean good = 2 * test.stream().filter(KnownAnswer::good).count() >= test.size();
    return test.stream().mapToDouble(answer -> answer.good() == good ? 1 : 0).toArray();
  }

  private static double[] means(List<Trial> trials, String arm, int items) {
    double[] means = new double[items];
    for (Trial trial : trials) {
      List<Double> right = trial.right(arm);
      if (right.size() != items) {
        throw new IllegalArgumentException(
            "a trial must have a result for each of "
                + items
                + " test answers but that of seed "
                + trial.seed()
                + " has "
                + right.size()
                + " of arm '"
                + arm
                + "'");
      }
      for (int i = 0; i < items; i++) {
        means[i] += right.get(i) / trials.size();
      }
    }
    // rounding may carry a mean of ones beyond 1
    for (int i = 0; i < items; i++) {
      means[i] = Math.min(1, means[i]);
    }
    return means;
  }

  private static int[] sources(List<KnownAnswer> test) {
    Map<String, Integer> numbers = new HashMap<>();
    return test.stream()
        .mapToInt(a -> numbers.computeIfAbsent(a.source(), source -> numbers.size()))
        .toArray();
  }
}
