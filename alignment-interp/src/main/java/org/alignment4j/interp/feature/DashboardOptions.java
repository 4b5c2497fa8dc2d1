package org.alignment4j.interp.feature;

import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * What a {@link FeatureDashboard} shows.
 *
 * @param topTexts texts with the strongest activations, each by its strongest token
 * @param groups groups of equally many active tokens, from the strongest to the weakest
 * @param groupTexts tokens shown of each group
 * @param bins bins of the histogram of activations above zero
 * @param logits tokens that are promoted most, and as many that are suppressed most
 * @param correlated features that are correlated most
 * @param before tokens shown before the one a text is shown for
 * @param after tokens shown after it
 * @param excluded tokens that do not count, such as {@code tokenizer.specialIds()}
 * @param batch texts run together
 * @param seed of the draw of tokens within groups
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DashboardOptions(
    int topTexts,
    int groups,
    int groupTexts,
    int bins,
    int logits,
    int correlated,
    int before,
    int after,
    Set<Integer> excluded,
    int batch,
    long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a number is negative, or there is no bin or batch
   */
  public DashboardOptions {
    excluded = Set.copyOf(excluded);
    Map.of(
            "topTexts", topTexts,
            "groups", groups,
            "groupTexts", groupTexts,
            "logits", logits,
            "correlated", correlated,
            "before", before,
            "after", after)
        .forEach(
            (name, value) -> {
              if (value < 0) {
                throw new IllegalArgumentException(name + " must not be negative but was " + value);
              }
            });
    if (bins < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "bins and batch must be at least 1 but were " + bins + " and " + batch);
    }
  }

  /**
   * Returns the usual ones: 20 texts, 10 groups of 5, 50 bins, 10 tokens each way, 5 correlated
   * features, 10 tokens before and 5 after, 8 texts a batch, seed 0.
   *
   * @param excluded tokens that do not count
   * @return the options
   */
  public static DashboardOptions defaults(Set<Integer> excluded) {
    return new DashboardOptions(20, 10, 5, 50, 10, 5, 10, 5, excluded, 8, 0);
  }
}
