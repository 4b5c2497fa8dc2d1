package org.alignment4j.rlhf;

import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/** The models of a run that are still needed; the others are closed. Not thread-safe. */
final class RaftModels implements AutoCloseable {

  private final DecoderModel base;
  private DecoderModel present;
  private @Nullable DecoderModel best;

  RaftModels(DecoderModel base) {
    this.base = base;
    this.present = base;
  }

  /** That of the last iteration; at first the one training starts from. */
  DecoderModel present() {
    return present;
  }

  /** Takes over the model of an iteration. */
  void next(DecoderModel model) {
    if (present != base && present != best) {
      present.close();
    }
    present = model;
  }

  /** Keeps the present model for {@link #takeBest} in place of the one kept before. */
  void keepBest() {
    DecoderModel before = best;
    best = present;
    if (before != null && before != present && before != base) {
      before.close();
    }
  }

  /** The kept model; closes the others. */
  DecoderModel takeBest() {
    DecoderModel kept = best == null ? present : best;
    if (present != kept && present != base) {
      present.close();
    }
    return kept == base ? copy() : kept;
  }

  /** The present model; closes the others. */
  DecoderModel takePresent() {
    if (best != null && best != present && best != base) {
      best.close();
    }
    return present == base ? copy() : present;
  }

  private DecoderModel copy() {
    return base.adapter() == null ? base.merged() : base.withAdapter(base.adapter());
  }

  /** Closes all. */
  @Override
  public void close() {
    if (best != null && best != present && best != base) {
      best.close();
    }
    if (present != base) {
      present.close();
    }
  }
}
