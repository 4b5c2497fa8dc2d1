package org.alignment4j.oversight.sandwich;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * A vote in which participants weigh the logarithm of the odds that they are right, estimated from
 * their answers to other questions with one right and one wrong answer added. Somebody who is wrong
 * more often than not speaks against an option. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class WeightedVote {
  /** Sums this close are equal: those of the same weights differ by rounding. */
  private static final double EQUAL = 1e-9;

  private WeightedVote() {}

  /**
   * Returns a participant's weight, {@code log((right + 1)/(wrong + 1))}.
   *
   * @throws IllegalArgumentException if a count is negative
   */
  public static double weight(long right, long wrong) {
    if (right < 0 || wrong < 0) {
      throw new IllegalArgumentException(
          "counts must not be negative but were " + right + " and " + wrong);
    }
    return Math.log((right + 1.0) / (wrong + 1.0));
  }

  /**
   * Returns the share of questions on which the vote of the answers after help is right. A vote
   * with several leading options counts its share of them, ½ of two.
   */
  public static Estimate accuracy(List<Observation> observations) {
    Map<String, long[]> records = new LinkedHashMap<>();
    Map<String, List<Observation>> questions = new LinkedHashMap<>();
    for (Observation o : observations) {
      records.computeIfAbsent(o.participant(), name -> new long[2])[o.assistedRight() ? 0 : 1]++;
      questions.computeIfAbsent(o.question(), name -> new ArrayList<>()).add(o);
    }
    return Estimates.proportion(
        questions.values().stream().mapToDouble(votes -> right(votes, records)).toArray());
  }

  private static double right(List<Observation> votes, Map<String, long[]> records) {
    Map<String, Double> sums = new TreeMap<>();
    for (Observation vote : votes) {
      long[] record = records.getOrDefault(vote.participant(), new long[2]);
      boolean right = vote.assistedRight();
      double weight = weight(record[0] - (right ? 1 : 0), record[1] - (right ? 0 : 1));
      sums.merge(vote.assisted(), weight, Double::sum);
    }
    double most = sums.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    long leading = sums.values().stream().filter(sum -> sum >= most - EQUAL).count();
    String truth = votes.get(0).truth();
    double forTruth = sums.getOrDefault(truth, Double.NEGATIVE_INFINITY);
    return forTruth >= most - EQUAL ? 1.0 / leading : 0;
  }
}
