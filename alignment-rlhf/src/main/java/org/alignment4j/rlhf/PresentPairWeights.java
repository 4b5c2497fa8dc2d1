package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.PresentModel;

/** Weighs pairs by {@link PairWeighting#PRESENT_POLICY}. Of one update. */
final class PresentPairWeights {
  private static final double HALF = 0.5;

  private double sum;
  private long count;

  /** The same micro-batch with the weights of its pairs multiplied. */
  MicroBatch weighted(PreferenceRows.Batch batch, PresentModel model) {
    double[] weights =
        weights(batch, model.outputs(batch.batch(), 1), model.outputs(batch.batch(), HALF));
    FloatInput before = Objects.requireNonNull(batch.batch().inputs().get(PreferenceRows.WEIGHTS));
    float[] scaled = new float[weights.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (before.data()[i] * weights[i]);
      sum += weights[i];
      count++;
    }
    Map<String, FloatInput> inputs = new LinkedHashMap<>(batch.batch().inputs());
    inputs.put(PreferenceRows.WEIGHTS, new FloatInput(scaled, scaled.length));
    return new MicroBatch(
        batch.batch().tokens(), batch.batch().rows(), batch.batch().labels(), inputs);
  }

  /** The mean weight over all micro-batches so far. */
  double mean() {
    return sum / count;
  }

  /**
   * The weight of each pair.
   *
   * @param plain log-probabilities of scored tokens
   * @param sharp those at temperature ½
   */
  static double[] weights(PreferenceRows.Batch batch, float[] plain, float[] sharp) {
    List<Integer> pairs = batch.pairs();
    double[] sums = new double[2 * pairs.size()];
    int[] lengths = new int[sums.length];
    int[] owners = batch.owners();
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] >= 0) {
        sums[owners[i]] += (double) sharp[i] - plain[i];
        lengths[owners[i]]++;
      }
    }
    double[] weights = new double[pairs.size()];
    for (int p = 0; p < weights.length; p++) {
      weights[p] = Math.exp(sums[2 * p] / lengths[2 * p] + sums[2 * p + 1] / lengths[2 * p + 1]);
    }
    return weights;
  }
}
