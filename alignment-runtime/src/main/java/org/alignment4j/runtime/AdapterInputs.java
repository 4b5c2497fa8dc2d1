package org.alignment4j.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.LoraInputs;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraMatrices;
import org.jspecify.annotations.Nullable;

/** Adapters as graphs read them. */
final class AdapterInputs {

  private AdapterInputs() {}

  static LoraInputs of(@Nullable LoraAdapter adapter) {
    if (adapter == null) {
      return LoraInputs.none();
    }
    List<WeightTensor> tensors = new ArrayList<>();
    adapter
        .matrices()
        .forEach(
            (name, pair) -> {
              tensors.add(renamed(GraphNames.loraA(name), pair.a()));
              tensors.add(renamed(GraphNames.loraB(name), pair.b()));
            });
    return new LoraInputs(adapter.matrices().keySet(), tensors, adapter.config().scale());
  }

  private static WeightTensor renamed(String name, WeightTensor tensor) {
    return new WeightTensor(name, tensor.shape(), tensor.data());
  }

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
