package org.alignment4j.oversight.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.BestOfK;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * How often the best of n sampled solutions is right (Lightman et al. 2023, arXiv 2305.20050,
 * section 3): n of a problem's candidates are drawn without replacement, those without an answer
 * left out, the best of the rest is graded; where none is left, that is wrong. Shares over the
 * draws are exact but for the majority, which is drawn. Intervals are over problems: at n as large
 * as the number of candidates every draw is the same, and says nothing of other problems. Pure
 * functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BestOfSolutions {
  private static final int TRIALS = 400;

  private BestOfSolutions() {}

  /** Returns how often the solution of the highest score is right; among equals each as often. */
  public static Estimate byScore(List<List<Candidate>> problems, int n) {
    return overProblems(scoreShares(problems, n));
  }

  /**
   * Returns for each problem how often the solution of the highest score is right, for intervals
   * over what problems have in common, and for differences between rules.
   *
   * @return shares of draws, in the order of the problems
   * @throws IllegalArgumentException if n is less than 1 or more than a problem's candidates
   */
  public static double[] scoreShares(List<List<Candidate>> problems, int n) {
    return shares(problems, n, candidates -> scored(candidates, n));
  }

  /** Returns how often an answer chosen at random is right. */
  public static Estimate byChance(List<List<Candidate>> problems, int n) {
    return overProblems(chanceShares(problems, n));
  }

  /**
   * Returns for each problem how often an answer chosen at random is right.
   *
   * @return shares of draws, in the order of the problems
   * @throws IllegalArgumentException if n is less than 1 or more than a problem's candidates
   */
  public static double[] chanceShares(List<List<Candidate>> problems, int n) {
    return shares(
        problems,
        n,
        candidates ->
            scored(
                candidates.stream().map(c -> new Candidate(0, c.answer(), c.right())).toList(), n));
  }

  /** Returns how often one of the solutions at least is right. */
  public static Estimate byOracle(List<List<Candidate>> problems, int n) {
    return overProblems(oracleShares(problems, n));
  }

  /**
   * Returns for each problem how often one of the solutions at least is right.
   *
   * @return shares of draws, in the order of the problems
   * @throws IllegalArgumentException if n is less than 1 or more than a problem's candidates
   */
  public static double[] oracleShares(List<List<Candidate>> problems, int n) {
    return shares(
        problems,
        n,
        candidates ->
            BestOfK.passAtK(
                candidates.size(), (int) candidates.stream().filter(Candidate::right).count(), n));
  }

  /**
   * Returns how often the most frequent answer is right, over 400 draws a problem; among equally
   * frequent ones each counts its share.
   *
   * @param seed seed of the draws
   */
  public static Estimate byMajority(List<List<Candidate>> problems, int n, long seed) {
    return overProblems(majorityShares(problems, n, seed));
  }

  /**
   * Returns for each problem how often the most frequent answer is right.
   *
   * @param seed seed of the draws
   * @return shares of 400 draws, in the order of the problems
   * @throws IllegalArgumentException if n is less than 1 or more than a problem's candidates
   */
  public static double[] majorityShares(List<List<Candidate>> problems, int n, long seed) {
    double[] shares = new double[problems.size()];
    for (int p = 0; p < shares.length; p++) {
      requireEnough(problems.get(p), n, p);
      Random random = new Random(CallSeed.of(seed, "majority", p, n));
      List<Candidate> shuffled = new ArrayList<>(problems.get(p));
      for (int trial = 0; trial < TRIALS; trial++) {
        Collections.shuffle(shuffled, random);
        shares[p] += majority(shuffled.subList(0, n)) / TRIALS;
      }
      shares[p] = Math.min(1, shares[p]);
    }
    return shares;
  }

  private static double[] shares(
      List<List<Candidate>> problems, int n, ToDoubleFunction<List<Candidate>> share) {
    double[] shares = new double[problems.size()];
    for (int p = 0; p < shares.length; p++) {
      requireEnough(problems.get(p), n, p);
      shares[p] = Math.min(1, share.applyAsDouble(problems.get(p)));
    }
    return shares;
  }

  private static Estimate overProblems(double[] shares) {
    return Estimates.boundedMean(shares, IntStream.range(0, shares.length).toArray(), 0, 1);
  }

  private static void requireEnough(List<Candidate> candidates, int n, int problem) {
    if (n < 1 || candidates.size() < n) {
      throw new IllegalArgumentException(
          "n must be from 1 to the number of candidates, "
              + candidates.size()
              + " of problem "
              + problem
              + ", but was "
              + n);
    }
  }

  /**
   * The share of draws whose best is right. From the worst candidate up: all n drawn are among the
   * first m with probability C(m, n)/C(N, n), so that the best drawn is one of a group of equals
   * with the difference of two such.
   */
  private static double scored(List<Candidate> candidates, int n) {
    List<Candidate> ascending =
        candidates.stream()
            .filter(c -> !c.answer().isEmpty())
            .sorted(Comparator.comparingDouble(Candidate::score))
            .toList();
    int total = candidates.size();
    int below = total - ascending.size();
    double share = 0;
    int from = 0;
    while (from < ascending.size()) {
      int to = from + 1;
      double score = ascending.get(from).score();
      while (to < ascending.size() && ascending.get(to).score() == score) {
        to++;
      }
      double right =
          ascending.subList(from, to).stream().filter(Candidate::right).count()
              / (double) (to - from);
      share += right * (within(below + to, total, n) - within(below + from, total, n));
      from = to;
    }
    return share;
  }

  /** C(m, n)/C(total, n), the probability that all n drawn are among m of them. */
  private static double within(int m, int total, int n) {
    return 1 - BestOfK.passAtK(total, total - m, n);
  }

  private static double majority(List<Candidate> drawn) {
    Map<String, int[]> votes = new HashMap<>();
    for (Candidate candidate : drawn) {
      if (!candidate.answer().isEmpty()) {
        int[] counts = votes.computeIfAbsent(candidate.answer(), answer -> new int[2]);
        counts[0]++;
        counts[1] += candidate.right() ? 1 : 0;
      }
    }
    int most = votes.values().stream().mapToInt(c -> c[0]).max().orElse(0);
    return votes.values().stream()
        .filter(c -> c[0] == most)
        .mapToDouble(c -> c[1] / (double) c[0])
        .average()
        .orElse(0);
  }
}
