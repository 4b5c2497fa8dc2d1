package org.alignment4j.runtime.generate;

import java.util.Arrays;
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
    // A tiny temperature overflows; the largest score as origin leaves the distribution as it is.
    double origin = 0;
    double max = Arrays.stream(scores).max().orElse(0);
    if (Double.isInfinite(max / temperature) && !Double.isInfinite(max)) {
      origin = max;
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (scores[i] - origin) / temperature;
    }
  }
}
