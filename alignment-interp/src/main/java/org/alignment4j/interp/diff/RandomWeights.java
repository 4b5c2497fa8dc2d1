package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/** Weights with random changes, to compare the change of a part with. */
final class RandomWeights {

  private RandomWeights() {}

  /**
   * The weights {@code into} with {@code count} elements of {@code from}, every set of so many
   * equally probable (Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S).
   */
  static Weights entries(
      Weights into, Weights from, List<Parameter> parameters, long count, SplittableRandom random) {
    long left = parameters.stream().mapToLong(Parameter::size).sum();
    long wanted = count;
    List<WeightTensor> changed = new ArrayList<>();
    for (Parameter parameter : parameters) {
      WeightTensor old = into.get(parameter.name());
      var source = from.get(parameter.name()).data();
      float[] values = new float[old.size()];
      old.data().get(values);
      boolean any = false;
      for (int i = 0; i < values.length; i++, left--) {
        if (random.nextDouble() * left < wanted) {
          values[i] = source.get(i);
          wanted--;
          any = true;
        }
      }
      if (any) {
        changed.add(WeightTensor.of(old.name(), old.shape(), values));
      }
    }
    return into.with(changed);
  }

  /** The weights {@code into}, each slice with noise of the norm that its change has. */
  static Weights noise(
      Weights into, Weights from, Collection<TensorSlice> slices, SplittableRandom random) {
    Map<String, float[]> changed = new LinkedHashMap<>();
    for (TensorSlice slice : slices) {
      WeightTensor old = into.get(slice.tensor());
      var before = old.data();
      var after = from.get(slice.tensor()).data();
      float[] values =
          changed.computeIfAbsent(
              slice.tensor(),
              name -> {
                float[] copy = new float[old.size()];
                old.data().get(copy);
                return copy;
              });
      double[] drawn = new double[Math.toIntExact(slice.size(old.shape()))];
      Arrays.setAll(drawn, i -> random.nextGaussian());
      double[] sums = new double[2];
      int[] at = {0};
      slice.forEach(
          old.shape(),
          (start, end) -> {
            for (int i = start; i < end; i++) {
              double change = (double) after.get(i) - before.get(i);
              sums[0] += change * change;
              sums[1] += drawn[at[0]] * drawn[at[0]];
              at[0]++;
            }
          });
      double scale = sums[1] == 0 ? 0 : Math.sqrt(sums[0] / sums[1]);
      at[0] = 0;
      slice.forEach(
          old.shape(),
          (start, end) -> {
            for (int i = start; i < end; i++) {
              values[i] += (float) (scale * drawn[at[0]++]);
            }
          });
    }
    List<WeightTensor> tensors = new ArrayList<>();
    changed.forEach(
        (name, values) -> tensors.add(WeightTensor.of(name, into.get(name).shape(), values)));
    return into.with(tensors);
  }
}
