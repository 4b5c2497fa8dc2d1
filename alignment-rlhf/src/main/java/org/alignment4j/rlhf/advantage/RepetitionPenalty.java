package org.alignment4j.rlhf.advantage;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Penalty on repeated n-grams (Yeo et al. 2025, arXiv 2502.03373, appendix): {@code p·(1 −
 * unique/total)} over the n-grams of token ids. Immutable and thread-safe.
 *
 * @param n tokens of an n-gram, from 1; 3 is usual
 * @param maxPenalty p, finite and not positive; −1 is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RepetitionPenalty(int n, double maxPenalty) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public RepetitionPenalty {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1 but was " + n);
    }
    if (!(maxPenalty <= 0) || Double.isInfinite(maxPenalty)) {
      throw new IllegalArgumentException(
          "maxPenalty must be finite and not positive but was " + maxPenalty);
    }
  }

  /**
   * Returns the reward of a completion.
   *
   * @param tokens its token ids, without padding
   * @return the reward, in [p, 0]; 0 of fewer than n tokens
   */
  public double reward(int... tokens) {
    int total = tokens.length - n + 1;
    if (total < 1) {
      return 0;
    }
    Set<List<Integer>> unique = new HashSet<>();
    for (int from = 0; from < total; from++) {
      unique.add(IntStream.range(from, from + n).mapToObj(i -> tokens[i]).toList());
    }
    return maxPenalty * (1 - (double) unique.size() / total);
  }
}
