package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of reinforcement learning that go on: after a stop, and from an adapter. */
class ContinuedPolicyTest extends WantedTokens {

  private PolicyTrainer trainer(PolicyMethod method) {
    return PolicyTrainer.of(base, method)
        .reward(REWARD)
        .rollouts(RolloutOptions.of(LENGTH))
        .divergenceEvery(1)
        .batchSize(4)
        .learningRate(2e-2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoppedRunEndsInTheSameBits(boolean adapter) {
    PolicyTrainer trainer =
        trainer(PolicyMethod.rloo().withKl(KlController.adaptive()).withUpdates(2, 2))
            .epochs(4)
            .checkpointEvery(3);
    PolicyTrainer whole = adapter ? trainer.adapter(Lora.rank(2)) : trainer;
    FineTuningResult expected = whole.train(prompts(8));
    Cancellation cancellation = new Cancellation();
    RewardFunction stopping =
        RewardFunction.each(
            "wanted",
            rollout -> {
              if (cancellation.isCancelled()) {
                throw new IllegalStateException("a reward was asked for after cancellation");
              }
              return wanted(rollout);
            });
    assertThatThrownBy(
            () ->
                rewarded(whole, stopping)
                    .runFolder(folder)
                    .cancellation(cancellation)
                    .onMetrics(
                        metrics -> {
                          if (metrics.step() == 5) {
                            cancellation.cancel();
                          }
                        })
                    .train(prompts(8)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContainingAll("after step 5", folder.toString());
    assertThatThrownBy(() -> whole.seed(9).runFolder(folder).train(prompts(8)))
        .isInstanceOf(RunFolderException.class);
    FineTuningResult resumed = whole.runFolder(folder).train(prompts(8));

    assertThat(resumed.metrics()).isEqualTo(expected.metrics());
    assertThat(resumed.model().id()).isEqualTo(expected.model().id());
    resumed.model().close();
    expected.model().close();
  }

  /** The reference is the model training starts from, its adapter included. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.8})
  void anAdapterIsTrainedFurther(double temperature) {
    PolicyTrainer trainer =
        trainer(PolicyMethod.grpo())
            .adapter(Lora.rank(3))
            .rollouts(new RolloutOptions(LENGTH, temperature));
    FineTuningResult first = trainer.epochs(10).train(prompts(8));
    PolicyTrainer further =
        PolicyTrainer.of(first.model(), PolicyMethod.grpo())
            .reward(REWARD)
            .rollouts(new RolloutOptions(LENGTH, temperature))
            .options(trainer.options());
    FineTuningResult second = further.epochs(1).train(prompts(8));

    assertThat(second.metrics().get(0).values().get("kl")).isCloseTo(0, within(1e-5));
    assertThat(second.model().weights().contentHash()).isEqualTo(base.weights().contentHash());
    assertThat(mean(second.metrics(), "reward"))
        .isGreaterThan(mean(first.metrics().subList(0, 2), "reward"));
    second.model().close();
    first.model().close();
  }

  /** The same settings with another function of the same name. */
  private PolicyTrainer rewarded(PolicyTrainer like, RewardFunction reward) {
    return PolicyTrainer.of(
            base, PolicyMethod.rloo().withKl(KlController.adaptive()).withUpdates(2, 2))
        .reward(reward)
        .rollouts(RolloutOptions.of(LENGTH))
        .options(like.options());
  }
}
