package org.alignment4j.rlhf;

import java.util.List;
import java.util.function.UnaryOperator;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;

/**
 * A trainer with its examples, whole but for the options that tests change.
 *
 * @param name the same in every process
 * @param kind what comes out
 * @param sampling whether it learns from answers that the model gives while it is trained
 * @param run trains
 */
record Training(String name, Kind kind, boolean sampling, Run run) {

  /** What a training makes. */
  enum Kind {
    LANGUAGE,
    REWARDS
  }

  /**
   * What came out; the model is closed.
   *
   * @param id of the model, of its weights
   */
  record Outcome(String id, List<Metrics> metrics, RunEnd end) {

    static Outcome of(FineTuningResult result) {
      try (DecoderModel model = result.model()) {
        return new Outcome(model.id(), result.metrics(), result.end());
      }
    }

    static Outcome of(RewardModelResult result) {
      try (var model = result.model()) {
        return new Outcome(model.id(), result.metrics(), result.end());
      }
    }
  }

  /** Trains with the training's own options changed. */
  @FunctionalInterface
  interface Run {
    Outcome train(DecoderModel base, UnaryOperator<FineTuningOptions> options) throws Exception;
  }

  /** Trains; failures come as they are. */
  Outcome train(DecoderModel base, UnaryOperator<FineTuningOptions> options) throws Exception {
    return run.train(base, options);
  }

  @Override
  public String toString() {
    return name;
  }
}
