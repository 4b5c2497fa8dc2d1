package org.alignment4j.runtime;

import java.util.Arrays;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraMatrices;

/** Whether adapters fit a model. */
final class AdapterFit {

  private AdapterFit() {}

  /**
   * Refuses adapters of weights that a model lacks or has in another shape.
   *
   * @throws IllegalArgumentException naming the first one
   */
  static void check(LoraAdapter adapter, Weights weights, LinearLayout layout) {
    adapter
        .matrices()
        .forEach(
            (name, pair) -> {
              if (!weights.contains(name)) {
                throw new IllegalArgumentException(
                    "adapters must be of the model's own weights but '"
                        + name
                        + "' is not one of them");
              }
              checkShape(weights.stored(name), pair, layout);
            });
  }

  private static void checkShape(StoredTensor weight, LoraMatrices pair, LinearLayout layout) {
    long[] expected =
        layout == LinearLayout.OUT_IN
            ? new long[] {pair.out(), pair.in()}
            : new long[] {pair.in(), pair.out()};
    if (!Arrays.equals(weight.shape(), expected)) {
      throw new IllegalArgumentException(
          "the adapter of "
              + weight.name()
              + " must fit its shape "
              + Arrays.toString(weight.shape())
              + " but is of a weight of shape "
              + Arrays.toString(expected));
    }
  }
}
