package org.alignment4j.rlhf;

import java.util.Set;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingResult;
import org.alignment4j.runtime.train.UpdateSource;

/**
 * Trains a decoder with a head of one number. With an adapter the decoder's weights stay as they
 * are and the head is trained whole; an adapter that the decoder has already is trained further.
 * Without, it is merged first. Where the head alone is trained, no other weight changes.
 *
 * @param task what progress and messages call it
 * @param from where training starts
 * @param options how it is trained
 * @param headOnly whether every weight but those of the head stays as it is
 */
record RewardRun(String task, RewardStart from, FineTuningOptions options, boolean headOnly) {

  RewardRun(String task, RewardStart from, FineTuningOptions options) {
    this(task, from, options, false);
  }

  RewardModelResult train(Objective objective, UpdateSource source, EncodingReport report) {
    LostExamples.log(task, report);
    try (SequenceClassifier start = from.open(options)) {
      TrainingResult result =
          new RunSettings(task, options)
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

  private Trainable trainable(SequenceClassifier start) {
    if (headOnly) {
      return new Trainable.FullWeights(start.weights(), Set.of(SequenceScores.WEIGHT));
    }
    LoraConfig adapter = options.adapter();
    return adapter == null
        ? Trainable.all(start.weights())
        : TrainingRun.adapter(start.weights(), start.architecture(), start.adapter(), adapter)
            .and(Set.of(SequenceScores.WEIGHT));
  }
}
