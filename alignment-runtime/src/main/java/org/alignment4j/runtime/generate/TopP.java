package org.alignment4j.runtime.generate;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Nucleus sampling (Holtzman et al. 2019): in ascending order of probability, removes tokens while
 * their cumulative probability is at most {@code 1 - p}; the most probable token always stays.
 * Among equal scores the lower id is removed first.
 *
 * <p>Large rows are not sorted as a whole: a histogram over scores finds the few bins in which the
 * cumulative probability crosses the limit, and only these are sorted.
 *
 * @param p probability mass to keep, in [0, 1]
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TopP(double p) implements LogitsProcessor {

  /** Rows with at most this many candidates are sorted whole. */
  private static final int SORT_LIMIT = 2048;

  private static final int BINS_PER_NAT = 16;
  private static final int BINS = 48 * BINS_PER_NAT;

  /** Covers the rounding of sums taken in another order. */
  private static final double SLACK = 1e-10;

  public TopP {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p must be in [0, 1] but was " + p);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    double max = Rows.max(scores);
    if (max == REMOVED) {
      return;
    }
    double total = Rows.sumExp(scores, max);
    int candidates = Rows.countKept(scores);
    Region region =
        candidates <= SORT_LIMIT ? new Region(0, BINS - 1, 0) : crossing(scores, max, total, 1 - p);
    double[] sorted = sortedRegion(scores, max, region);
    int removed = 0;
    double cumulative = region.massBelow;
    boolean holdsTop = region.from == 0;
    while (removed < sorted.length) {
      cumulative += Math.exp(sorted[removed] - max) / total;
      if (cumulative > 1 - p || (holdsTop && removed == sorted.length - 1)) {
        break;
      }
      removed++;
    }
    removeBelow(scores, max, region, sorted, removed);
  }

  /** Bins {@code from} (likeliest) to {@code to}, and the probability of everything less likely. */
  private record Region(int from, int to, double massBelow) {}

  private static int bin(double score, double max) {
    return (int) Math.min((max - score) * BINS_PER_NAT, BINS - 1);
  }

  /** The bins in which the cumulative probability, from the least likely up, crosses the limit. */
  private static Region crossing(double[] scores, double max, double total, double limit) {
    double[] mass = new double[BINS];
    for (double score : scores) {
      if (score != REMOVED) {
        mass[bin(score, max)] += Math.exp(score - max) / total;
      }
    }
    int to = BINS - 1;
    double below = 0;
    while (to > 0 && below + mass[to] <= limit - SLACK) {
      below += mass[to];
      to--;
    }
    int from = to;
    double through = below + mass[to];
    while (from > 0 && through <= limit + SLACK) {
      from--;
      through += mass[from];
    }
    return new Region(from, to, below);
  }

  private static double[] sortedRegion(double[] scores, double max, Region region) {
    double[] inside = new double[scores.length];
    int count = 0;
    for (double score : scores) {
      if (score != REMOVED) {
        int bin = bin(score, max);
        if (bin >= region.from && bin <= region.to) {
          inside[count++] = score + 0.0; // turns -0.0 into 0.0, which sorts as its equal
        }
      }
    }
    double[] sorted = Arrays.copyOf(inside, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /** Removes everything below the region and its {@code removed} lowest scores, low ids first. */
  private static void removeBelow(
      double[] scores, double max, Region region, double[] sorted, int removed) {
    double lowestKept = removed < sorted.length ? sorted[removed] : Double.POSITIVE_INFINITY;
    int equalRemoved = 0;
    while (equalRemoved < removed && sorted[removed - 1 - equalRemoved] == lowestKept) {
      equalRemoved++;
    }
    for (int i = 0; i < scores.length; i++) {
      double score = scores[i];
      if (score == REMOVED) {
        continue;
      }
      int bin = bin(score, max);
      if (bin > region.to) {
        scores[i] = REMOVED;
      } else if (bin >= region.from) {
        if (score < lowestKept) {
          scores[i] = REMOVED;
        } else if (score == lowestKept && equalRemoved > 0) {
          scores[i] = REMOVED;
          equalRemoved--;
        }
      }
    }
  }
}
