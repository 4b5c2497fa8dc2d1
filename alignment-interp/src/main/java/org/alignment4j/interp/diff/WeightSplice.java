package org.alignment4j.interp.diff;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/** Weights of one model with parts of another's in their place. */
final class WeightSplice {

  private WeightSplice() {}

  /** The weights {@code into} with those of the slices taken from {@code from}. */
  static Weights of(Weights into, Weights from, Collection<TensorSlice> slices) {
    Map<String, List<TensorSlice>> byTensor = new LinkedHashMap<>();
    slices.forEach(s -> byTensor.computeIfAbsent(s.tensor(), t -> new ArrayList<>()).add(s));
    List<WeightTensor> changed = new ArrayList<>();
    byTensor.forEach((name, own) -> changed.add(tensor(into.get(name), from.get(name), own)));
    return into.with(changed);
  }

  private static WeightTensor tensor(
      WeightTensor into, WeightTensor from, List<TensorSlice> slices) {
    long[] shape = into.shape();
    if (slices.stream().anyMatch(slice -> slice.isWhole(shape))) {
      return from;
    }
    float[] values = new float[into.size()];
    into.data().get(values);
    FloatBuffer source = from.data();
    for (TensorSlice slice : slices) {
      slice.forEach(shape, (start, end) -> source.get(start, values, start, end - start));
    }
    return WeightTensor.of(into.name(), shape, values);
  }
}
