package org.alignment4j.runtime.hook;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.session.HeldResult;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a forward run gave.
 *
 * @param all logits of every position; null when the run stopped before them
 * @param cache what was kept
 * @param held where both lie until they are read
 */
record RunOutcome(@Nullable Supplier<Activation> all, ActivationCache cache, HeldResult held)
    implements ForwardResult {

  private Activation present() {
    if (all == null) {
      throw new IllegalStateException(
          "logits need a whole run but this one stopped at a layer; leave stopAtLayer out");
    }
    return all.get();
  }

  @Override
  public INDArray logits() {
    return present().array();
  }

  @Override
  public float[] logits(int row, int position) {
    Activation found = present();
    List<TokenIds> tokens = cache.tokens();
    if (row < 0 || row >= tokens.size()) {
      throw new IllegalArgumentException(
          "row must be in [0, " + (tokens.size() - 1) + "] but was " + row);
    }
    int length = tokens.get(row).size();
    if (position < -length || position >= length) {
      throw new IllegalArgumentException(
          "position must be in [" + -length + ", " + (length - 1) + "] but was " + position);
    }
    int at = position < 0 ? position + length : position;
    int vocabulary = Math.toIntExact(found.shape()[2]);
    int start = Math.toIntExact((row * found.shape()[1] + at) * vocabulary);
    return Arrays.copyOfRange(found.data(), start, start + vocabulary);
  }

  @Override
  public void close() {
    held.close();
  }
}
