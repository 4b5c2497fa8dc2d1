package org.alignment4j.runtime.generate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Locally typical sampling (Meister et al. 2022, equation 9): keeps the tokens whose surprise
 * {@code -log p} is nearest the entropy, until their probabilities reach {@code p}, and every token
 * as near as the last of them. The most probable token may be removed.
 *
 * @param p probability mass to keep, in (0, 1]; 1 keeps all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TypicalP(double p) implements LogitsProcessor {

  public TypicalP {
    if (!(p > 0 && p <= 1)) {
      throw new IllegalArgumentException("p must be in (0, 1] but was " + p);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    double max = Rows.max(scores);
    if (max == REMOVED || p == 1) {
      return;
    }
    double logTotal = Math.log(Rows.sumExp(scores, max));
    double entropy = Rows.entropy(scores, max);
    double[] distance = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      distance[i] = Math.abs(-(scores[i] - max - logTotal) - entropy);
    }
    int[] nearest =
        IntStream.range(0, scores.length)
            .filter(i -> scores[i] != REMOVED)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> distance[i]))
            .mapToInt(i -> i)
            .toArray();
    int last = 0;
    double mass = Math.exp(scores[nearest[0]] - max - logTotal);
    while (mass < p && last < nearest.length - 1) {
      last++;
      mass += Math.exp(scores[nearest[last]] - max - logTotal);
    }
    double limit = distance[nearest[last]];
    Arrays.setAll(scores, i -> distance[i] > limit ? REMOVED : scores[i]);
  }
}
