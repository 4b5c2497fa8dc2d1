package org.alignment4j.rlhf;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;

/** Evaluations every second update, and samples every third of language models. */
final class Looking {

  static final String NAME = "first-answer";
  static final String METRIC = "eval/" + NAME + "/value";
  static final int EVALUATED_EVERY = 2;
  static final int SAMPLED_EVERY = 3;

  private Looking() {}

  static Monitoring at(Training training, Monitoring before) {
    return training.kind() == Training.Kind.REWARDS
        ? before.and(Evaluation.ofRewards(NAME, EVALUATED_EVERY, Looking::evaluate))
        : before
            .and(Evaluation.ofModel(NAME, EVALUATED_EVERY, Looking::evaluate))
            .withSamples(
                SampleLog.of(
                    Trainings.prompts().subList(0, 2),
                    SamplingOptions.sampling(3, 7),
                    SAMPLED_EVERY));
  }

  static Map<String, Double> evaluate(DecoderModel model) {
    Continuation first = Continuation.of(Trainings.prompts().get(0), TokenIds.of(40, 41));
    return Map.of("value", model.logProbabilities(List.of(first)).get(0).sum());
  }

  static Map<String, Double> evaluate(TrainedRewardModel model) {
    PromptCompletion first = Trainings.answers().get(0);
    return Map.of("value", model.score(List.of(first)).get(0).value());
  }
}
