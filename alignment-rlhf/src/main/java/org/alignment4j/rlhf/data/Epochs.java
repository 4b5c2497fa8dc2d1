package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.runtime.generate.SequenceRandom;
import org.apiguardian.api.API;

/**
 * Which examples each update sees: every example once per epoch, in an order of the epoch's own.
 * The order depends on the seed and the epoch only. Immutable and thread-safe.
 *
 * <p>Algorithm: Durstenfeld's shuffle (1964, inside-out form). Example i trades places with example
 * {@code floor(u·(i + 1))}, where u is the number of step i of {@link SequenceRandom} with the seed
 * and, as sequence, the epoch counted from 0. Its finaliser mixes seed and epoch one after the
 * other, so that neither neighbouring seeds nor neighbouring epochs share a stream.
 *
 * @param examples number of examples, at least 1
 * @param batchSize examples per update; the last update of an epoch may have fewer
 * @param epochs passes over the examples, at least 1
 * @param seed decides the orders
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Epochs(int examples, int batchSize, int epochs, long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is not positive
   */
  public Epochs {
    if (examples < 1 || batchSize < 1 || epochs < 1) {
      throw new IllegalArgumentException(
          "examples, batchSize and epochs must be positive but were %s, %s and %s"
              .formatted(examples, batchSize, epochs));
    }
  }

  private long stepsPerEpoch() {
    return (examples + (long) batchSize - 1) / batchSize;
  }

  /**
   * Returns the number of updates of all epochs.
   *
   * @return at least 1
   */
  public long steps() {
    return stepsPerEpoch() * epochs;
  }

  /**
   * Returns the examples of an update.
   *
   * @param step from 1 to {@link #steps()}
   * @return their indices
   * @throws IllegalArgumentException when the step is out of range
   */
  public List<Integer> batch(long step) {
    if (step < 1 || step > steps()) {
      throw new IllegalArgumentException("step must be in [1, " + steps() + "] but was " + step);
    }
    long epoch = (step - 1) / stepsPerEpoch();
    int from = Math.toIntExact((step - 1) % stepsPerEpoch() * batchSize);
    int[] order = order(epoch);
    List<Integer> batch = new ArrayList<>();
    for (int i = from; i < Math.min(examples, from + (long) batchSize); i++) {
      batch.add(order[i]);
    }
    return List.copyOf(batch);
  }

  private int[] order(long epoch) {
    SequenceRandom random = new SequenceRandom(seed, epoch);
    int[] order = new int[examples];
    for (int i = 0; i < examples; i++) {
      int j = (int) (random.uniform(i) * (i + 1L));
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
