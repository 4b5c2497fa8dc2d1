package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * What the truth of each proposition is worth, {@code w_j}. Immutable and thread-safe.
 *
 * @param weights finite weights by name of the proposition, in their order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PropositionWeights(Map<String, Double> weights) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no weight or one is not finite
   */
  public PropositionWeights {
    weights = ImmutableMap.copyOf(weights);
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("weights must be at least one but there are none");
    }
    weights.forEach(
        (name, weight) -> {
          if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException(
                "weight of proposition '%s' must be finite but was %s".formatted(name, weight));
          }
        });
  }

  /** Weights of named features. */
  static PropositionWeights of(List<String> names, double[] values) {
    ImmutableMap.Builder<String, Double> weights = ImmutableMap.builder();
    for (int j = 0; j < values.length; j++) {
      weights.put(names.get(j), values[j]);
    }
    return new PropositionWeights(weights.buildOrThrow());
  }

  /**
   * Returns {@code Σ_j w_j·φ_j}.
   *
   * @param features φ, in the order of the weights
   * @return the sum
   * @throws IllegalArgumentException when there are more or fewer features than weights
   */
  public double sum(double... features) {
    if (features.length != weights.size()) {
      throw new IllegalArgumentException(
          "features must be one for each of %s but are %s"
              .formatted(weights.keySet(), features.length));
    }
    double sum = 0;
    int j = 0;
    for (double weight : weights.values()) {
      sum += weight * features[j++];
    }
    return sum;
  }
}
