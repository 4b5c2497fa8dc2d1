package org.alignment4j.runtime.generate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.model.SamplingOptions;

/**
 * The distribution that is sampled from, in float64 by sorting and summing naively, in the order of
 * Hugging Face transformers 4.47.
 */
public final class NaiveSampling {

  /** Score of a token that cannot be drawn. */
  public static final double GONE = Double.NEGATIVE_INFINITY;

  private NaiveSampling() {}

  /**
   * Scores of the tokens that remain.
   *
   * @param margin its first element becomes the least distance from the edge of a rule, where
   *     rounding decides
   */
  public static double[] scores(
      double[] logits, int[] seen, SamplingOptions o, Set<Integer> eos, double[] margin) {
    double[] s = logits.clone();
    margin[0] = 1;
    if (o.repetitionPenalty() != 1) {
      Set<Integer> once = new HashSet<>();
      Arrays.stream(seen).forEach(once::add);
      for (int id : once) {
        s[id] =
            logits[id] < 0
                ? logits[id] * o.repetitionPenalty()
                : logits[id] / o.repetitionPenalty();
      }
    }
    int n = o.noRepeatNgramSize();
    if (n > 0 && seen.length + 1 >= n) {
      List<Integer> all = Arrays.stream(seen).boxed().toList();
      List<Integer> prefix = all.subList(all.size() + 1 - n, all.size());
      for (int i = 0; i + n <= all.size(); i++) {
        if (all.subList(i, i + n - 1).equals(prefix)) {
          s[all.get(i + n - 1)] = GONE;
        }
      }
    }
    if (o.ignoreEos()) {
      eos.forEach(id -> s[id] = GONE);
    }
    if (o.temperature() == 0) {
      return s;
    }
    for (int i = 0; i < s.length; i++) {
      s[i] /= o.temperature();
    }
    if (o.topK() > 0) {
      double[] sorted = s.clone();
      Arrays.sort(sorted);
      double least = sorted[Math.max(0, s.length - o.topK())];
      for (int i = 0; i < s.length; i++) {
        if (s[i] < least) {
          s[i] = GONE;
        }
      }
    }
    if (o.topP() < 1) {
      double[] p = softmax(s);
      Integer[] ascending = IntStream.range(0, s.length).boxed().toArray(Integer[]::new);
      double[] frozen = s.clone();
      Arrays.sort(ascending, Comparator.comparingDouble((Integer i) -> frozen[i] + 0.0));
      double cumulative = 0;
      for (int r = 0; r < s.length - 1; r++) {
        cumulative += p[ascending[r]];
        if (frozen[ascending[r]] != GONE) {
          margin[0] = Math.min(margin[0], Math.abs(cumulative - (1 - o.topP())));
        }
        if (cumulative <= 1 - o.topP()) {
          s[ascending[r]] = GONE;
        }
      }
    }
    if (o.minP() > 0) {
      double[] p = softmax(s);
      double most = Arrays.stream(p).max().orElseThrow();
      for (int i = 0; i < s.length; i++) {
        if (o.minP() < 1) {
          margin[0] = Math.min(margin[0], Math.abs(p[i] / most - o.minP()));
        }
        if (p[i] < o.minP() * most) {
          s[i] = GONE;
        }
      }
    }
    if (o.typicalP() < 1) {
      double[] p = softmax(s);
      double[] surprise = Arrays.stream(p).map(x -> -Math.log(x)).toArray();
      double entropy = entropy(p);
      double[] far = Arrays.stream(surprise).map(x -> Math.abs(x - entropy)).toArray();
      Integer[] near = IntStream.range(0, s.length).boxed().toArray(Integer[]::new);
      Arrays.sort(near, Comparator.comparingDouble((Integer i) -> far[i]));
      double cumulative = 0;
      double limit = Double.POSITIVE_INFINITY;
      for (int r = 0; r < s.length; r++) {
        cumulative += p[near[r]];
        margin[0] = Math.min(margin[0], Math.abs(cumulative - o.typicalP()));
        if (r > 0 && far[near[r]] != far[near[r - 1]] && p[near[r]] > 0) {
          margin[0] = Math.min(margin[0], far[near[r]] - far[near[r - 1]]);
        }
        if (cumulative >= o.typicalP()) {
          limit = far[near[r]];
          break;
        }
      }
      for (int i = 0; i < s.length; i++) {
        if (far[i] > limit) {
          s[i] = GONE;
        }
      }
    }
    if (o.epsilonCutoff() > 0) {
      cut(s, o.epsilonCutoff(), margin);
    }
    if (o.etaCutoff() > 0) {
      double eta = o.etaCutoff();
      cut(s, Math.min(eta, Math.sqrt(eta) * Math.exp(-entropy(softmax(s)))), margin);
    }
    return s;
  }

  private static double entropy(double[] p) {
    return Arrays.stream(p).filter(x -> x > 0).map(x -> -x * Math.log(x)).sum();
  }

  private static void cut(double[] s, double least, double[] margin) {
    double[] p = softmax(s);
    double most = Arrays.stream(p).max().orElseThrow();
    for (int i = 0; i < s.length; i++) {
      margin[0] = Math.min(margin[0], Math.abs(p[i] - least));
      if (p[i] < least && p[i] < most) {
        s[i] = GONE;
      }
    }
  }

  /** Probabilities of scores. */
  public static double[] softmax(double[] s) {
    double max = Arrays.stream(s).max().orElseThrow();
    double[] p = new double[s.length];
    double sum = 0;
    for (int i = 0; i < s.length; i++) {
      p[i] = Math.exp(s[i] - max);
      sum += p[i];
    }
    for (int i = 0; i < s.length; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
