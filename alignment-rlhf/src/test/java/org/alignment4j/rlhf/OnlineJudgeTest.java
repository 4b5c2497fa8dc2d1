package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are compared by a judge, and what neither judge nor reward can be asked. */
class OnlineJudgeTest extends WantedTokens {

  private OnlinePreferenceTrainer trainer(PreferenceLoss loss) {
    return OnlinePreferenceTrainer.of(base, loss)
        .reward(REWARD)
        .rollouts(new RolloutOptions(LENGTH, 0.9))
        .batchSize(8)
        .learningRate(2e-2);
  }

  /** Prefers the longer text, and says so for the order it sees with a bias for the first. */
  private static final class BiasedJudge implements PreferenceLabeler {
    private final List<Comparison> asked = new ArrayList<>();

    @Override
    public List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken token) {
      asked.addAll(comparisons);
      return comparisons.stream()
          .map(
              c ->
                  OptionalDouble.of(
                      Math.min(1, 0.3 + (c.first().length() > c.second().length() ? 0.5 : 0.2))))
          .toList();
    }
  }

  @Test
  void aJudgeIsAskedInBothOrders(@TempDir Path files) {
    BiasedJudge judge = new BiasedJudge();
    try (DecoderModel pocket = TestModels.pocket(files)) {
      FineTuningResult result =
          OnlinePreferenceTrainer.of(pocket, PreferenceLoss.dpo(0.1))
              .judge("longer", judge)
              .rollouts(RolloutOptions.of(12))
              .batchSize(3)
              .learningRate(1e-4)
              .train(
                  List.of(Prompt.text("One day Tim"), Prompt.text("Lily saw"), Prompt.text("The")));
      Map<String, Double> metrics = result.metrics().get(0).values();
      result.model().close();
      assertThat(metrics.get("objective/scores")).isCloseTo(0.5, within(1e-12));
      assertThat(metrics).containsKey("rewards/longer/mean");
      assertThat(metrics.get("pairs/kept")).isPositive();
    }
    assertThat(judge.asked).hasSize(6);
    for (int i = 0; i < 6; i += 2) {
      Comparison forth = judge.asked.get(i);
      assertThat(judge.asked.get(i + 1))
          .isEqualTo(new Comparison(forth.prompt(), forth.second(), forth.first()));
    }
  }

  @Test
  void badInputIsRefused() {
    OnlinePreferenceTrainer trainer = trainer(PreferenceLoss.dpo(0.1));
    PreferenceLabeler judge = (comparisons, token) -> List.of();
    assertThatThrownBy(() -> trainer.train(List.of()))
        .hasMessageContaining("prompts must hold at least one");
    assertThatThrownBy(
            () -> OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1)).train(prompts(2)))
        .hasMessageContaining("answers need a reward or a judge");
    assertThatThrownBy(() -> trainer.judge("mine", judge).train(prompts(2)))
        .hasMessageContainingAll("both were given", "wanted", "'mine'");
    assertThatThrownBy(() -> trainer.limits(SequenceLimits.of(16)).train(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("bound the answers by rollouts", "maxLength=16");
    assertThatThrownBy(() -> trainer.samples(1)).hasMessageContaining("but was 1");
    assertThatThrownBy(() -> trainer.missingEndPenalty(-1)).hasMessageContaining("-1.0");
    assertThatThrownBy(
            () -> trainer.train(List.of(Prompt.tokens(1, 2), Prompt.tokens(new int[28]))))
        .hasMessageContainingAll("prompt 1 has 28", "context of 32 tokens");
    assertThatThrownBy(
            () ->
                OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
                    .reward(RewardFunction.each("broken", r -> Double.NaN))
                    .rollouts(RolloutOptions.of(LENGTH))
                    .train(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("reward 'broken'", "step 1", "NaN");
    try (DecoderModel pocket = TestModels.pocket(folder)) {
      OnlinePreferenceTrainer judged =
          OnlinePreferenceTrainer.of(pocket, PreferenceLoss.dpo(0.1))
              .rollouts(RolloutOptions.of(12));
      List<Prompt> one = List.of(Prompt.text("One day Tim"));
      assertThatThrownBy(() -> judged.judge("silent", judge).train(one))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContainingAll("'silent'", "each of 2 comparisons but gave 0");
      PreferenceLabeler wild =
          (comparisons, token) -> comparisons.stream().map(c -> OptionalDouble.of(7)).toList();
      assertThatThrownBy(() -> judged.judge("wild", wild).train(one))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContainingAll(
              "'wild'", "[0, 1] but gave 7.0 of samples 0 and 1 of prompt 0 in step 1");
      PreferenceLabeler broken =
          (comparisons, token) -> {
            throw new IllegalStateException("no line");
          };
      assertThatThrownBy(() -> judged.judge("broken", broken).train(one))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContainingAll("judge 'broken'", "failed in step 1: no line")
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }
}
