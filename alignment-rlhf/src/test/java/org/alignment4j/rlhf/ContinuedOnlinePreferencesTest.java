package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs over pairs of the policy that were stopped, or have steps without a pair. */
class ContinuedOnlinePreferencesTest extends WantedTokens {

  private OnlinePreferenceTrainer trainer(PreferenceLoss loss) {
    return OnlinePreferenceTrainer.of(base, loss)
        .reward(REWARD)
        .rollouts(new RolloutOptions(LENGTH, 0.9))
        .batchSize(8)
        .learningRate(2e-2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoppedRunEndsInTheSameBits(boolean adapter) {
    OnlinePreferenceTrainer plain =
        trainer(PreferenceLoss.dpo(0.1)).batchSize(4).epochs(4).checkpointEvery(3);
    OnlinePreferenceTrainer whole = adapter ? plain.adapter(Lora.rank(2)) : plain;
    FineTuningResult expected = whole.train(prompts(8));
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                whole
                    .runFolder(folder)
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 4)
                    .train(prompts(8)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContainingAll("after step 4; run again with the folder", folder.toString());
    AtomicInteger asked = new AtomicInteger();
    RewardFunction failing =
        RewardFunction.each(
            "wanted",
            r -> {
              if (asked.incrementAndGet() == 19) {
                throw new IllegalStateException("died");
              }
              return wanted(r);
            });
    OnlinePreferenceTrainer broken =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(failing)
            .rollouts(new RolloutOptions(LENGTH, 0.9))
            .options(whole.options());
    assertThatThrownBy(() -> broken.runFolder(folder).train(prompts(8)))
        .as("in step 7, a step after the checkpoint")
        .hasMessageContainingAll("at step 7", "died");
    FineTuningResult resumed = whole.runFolder(folder).train(prompts(8));
    assertThat(values(resumed)).isEqualTo(values(expected));
    assertThat(resumed.model().id()).isEqualTo(expected.model().id());
    resumed.model().close();
    expected.model().close();
    assertThatThrownBy(() -> whole.ties(Ties.FIRST).runFolder(folder).train(prompts(8)))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("ties");
  }

  /** All but how fast it went. */
  private static List<Map<String, Double>> values(FineTuningResult result) {
    return result.metrics().stream()
        .map(
            m -> {
              Map<String, Double> values = new HashMap<>(m.values());
              values.remove("tokens_per_second");
              return values;
            })
        .toList();
  }

  /** The optimiser counts updates, not steps: those without a pair make none. */
  @Test
  void stepsWithoutAPairLeaveEverythingAndResumeExactly() {
    FineTuningResult nothing =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(RewardFunction.each("one", r -> 1))
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(4)
            .train(prompts(4));
    assertThat(nothing.model().id()).isEqualTo(base.id());
    assertThat(nothing.metrics().get(0).values())
        .containsEntry("pairs/kept", 0.0)
        .doesNotContainKeys("loss", "objective/scores_margin");
    nothing.model().close();

    RewardFunction sometimes =
        RewardFunction.each("sometimes", r -> r.prompt() % 2 == 0 ? 0 : wanted(r));
    OnlinePreferenceTrainer trainer =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(sometimes)
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(1)
            .epochs(2)
            .learningRate(1e-2)
            .checkpointEvery(1);
    FineTuningResult expected = trainer.train(prompts(8));
    assertThat(expected.metrics().stream().filter(m -> !m.values().containsKey("loss")).count())
        .isBetween(8L, 14L);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 9)
                    .train(prompts(8)))
        .isInstanceOf(CancelledException.class);
    FineTuningResult resumed = trainer.runFolder(folder).train(prompts(8));
    assertThat(resumed.model().id()).isEqualTo(expected.model().id());
    resumed.model().close();
    expected.model().close();
  }
}
