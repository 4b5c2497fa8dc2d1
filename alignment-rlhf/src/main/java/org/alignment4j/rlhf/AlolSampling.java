package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.runtime.generate.SequenceRandom;
import org.apiguardian.api.API;

/** Which answers of positive weight an update of {@link AlolTrainer} sees. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum AlolSampling {
  /** Every answer once per epoch. */
  UNIFORM,
  /** Draws with replacement in proportion to the weights, as many as there are answers an epoch. */
  PROPORTIONAL;

  /**
   * The answers of an update.
   *
   * @param weights of the answers, all positive
   */
  List<Integer> batch(Epochs epochs, double[] weights, long step) {
    if (this == UNIFORM) {
      return epochs.batch(step);
    }
    double[] cumulative = weights.clone();
    for (int i = 1; i < cumulative.length; i++) {
      cumulative[i] += cumulative[i - 1];
    }
    double total = cumulative[cumulative.length - 1];
    // a stream that no epoch has
    SequenceRandom random = new SequenceRandom(epochs.seed(), -step);
    List<Integer> batch = new ArrayList<>();
    for (int i = 0; i < epochs.batch(step).size(); i++) {
      int found = Arrays.binarySearch(cumulative, random.uniform(i) * total);
      // an answer has its own end of the interval, and not the next one's
      int index = found >= 0 ? found + 1 : -found - 1;
      batch.add(Math.min(index, weights.length - 1));
    }
    return batch;
  }
}
