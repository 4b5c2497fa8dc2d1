package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * Divides the logits.
 *
 * @param temperature below 1 sharpens, above 1 flattens the distribution; positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Temperature(double temperature) implements LogitsProcessor {

  public Temperature {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be positive and finite but was " + temperature);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= temperature;
    }
  }
}
