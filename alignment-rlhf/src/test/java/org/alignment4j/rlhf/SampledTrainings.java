package org.alignment4j.rlhf;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;

/** Everything that learns from what it samples, with a good reward before another one. */
final class SampledTrainings {

  private SampledTrainings() {}

  /** A trainer that samples, with a good reward before the one under test. */
  record Sampling(String name, Function<DecoderModel, Function<RewardFunction, Run>> of) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A run over prompts. */
  interface Run {
    FineTuningResult train(List<Prompt> prompts);
  }

  static Stream<Sampling> all() {
    return Stream.of(
        new Sampling(
            "policy",
            base ->
                reward ->
                    SmallPolicies.trainer(
                                base, PolicyMethod.grpo().withGroupSize(4), SmallPolicies.first())
                            .reward(reward)
                        ::train),
        new Sampling(
            "raft",
            base ->
                reward ->
                    RaftTrainer.of(base)
                            .rollouts(RolloutOptions.of(SmallPolicies.LENGTH))
                            .samples(4)
                            .prompts(3)
                            .truncated(TruncatedAnswers.KEEP)
                            .reward(SmallPolicies.first())
                            .reward(reward)
                        ::train),
        new Sampling(
            "online",
            base ->
                reward ->
                    OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
                            .rollouts(RolloutOptions.of(SmallPolicies.LENGTH))
                            .samples(4)
                            .batchSize(3)
                            .reward(SmallPolicies.first())
                            .reward(reward)
                        ::train));
  }
}
