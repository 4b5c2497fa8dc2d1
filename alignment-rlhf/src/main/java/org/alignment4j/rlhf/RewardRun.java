package org.alignment4j.rlhf;

import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingResult;
import org.alignment4j.runtime.train.UpdateSource;

/**
 * Trains a decoder with a new head of one number. With an adapter the decoder's weights stay as
 * they are and the head is trained whole; one that the decoder has already is trained further.
 * Without, it is merged first.
 *
 * @param task what progress and messages call it
 * @param base where training starts
 * @param headDeviation standard deviation of the head's first weights; empty takes {@code
 *     1/sqrt(embeddingSize + 1)}
 * @param options how it is trained
 */
record RewardRun(
    String task, DecoderModel base, OptionalDouble headDeviation, FineTuningOptions options) {

  /** Checks a standard deviation that a caller gave. */
  static OptionalDouble requireDeviation(double deviation) {
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "deviation must be finite and not negative but was " + deviation);
    }
    return OptionalDouble.of(deviation);
  }

  RewardModelResult train(Objective objective, UpdateSource source, EncodingReport report) {
    try (SequenceClassifier start = start()) {
      TrainingResult result =
          new TrainingRun(task, base, options)
              .run(
                  start.engine(),
                  trainable(start),
                  objective,
                  source,
                  new ModelView.Rewards(start));
      SequenceClassifier trained = start.with(result.weights(), result.adapter().orElse(null));
      return new RewardModelResult(
          TrainedRewardModel.of(trained), result.metrics(), report, result.end());
    }
  }

  private SequenceClassifier start() {
    return options.adapter() == null
        ? SequenceClassifier.of(base, head())
        : SequenceClassifier.adapted(base, head());
  }

  private WeightTensor head() {
    int width = base.architecture().config().embeddingSize();
    double deviation = headDeviation.orElse(1 / Math.sqrt(width + 1.0));
    return InitialWeights.matrix(SequenceScores.WEIGHT, 1, width, deviation, options.seed());
  }

  private Trainable trainable(SequenceClassifier start) {
    LoraConfig adapter = options.adapter();
    return adapter == null
        ? Trainable.all(start.weights())
        : TrainingRun.adapter(start.weights(), start.architecture(), start.adapter(), adapter)
            .and(Set.of(SequenceScores.WEIGHT));
  }
}
