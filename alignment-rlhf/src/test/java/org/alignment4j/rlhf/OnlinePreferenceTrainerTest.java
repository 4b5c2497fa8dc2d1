package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.loss.LdDpoLoss;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.SimPoLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs on a small model whose reward is known. */
class OnlinePreferenceTrainerTest extends WantedTokens {

  private OnlinePreferenceTrainer trainer(PreferenceLoss loss) {
    return OnlinePreferenceTrainer.of(base, loss)
        .reward(REWARD)
        .rollouts(new RolloutOptions(LENGTH, 0.9))
        .batchSize(8)
        .learningRate(2e-2);
  }

  static Stream<PreferenceLoss> losses() {
    return Stream.of(PreferenceLoss.dpo(0.1), PreferenceLoss.ipo(0.1), new SimPoLoss(2, 0.5));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void pairsOfThePolicyRaiseTheReward(PreferenceLoss loss) {
    FineTuningResult result =
        trainer(loss).samples(4).adapter(Lora.rank(4)).epochs(50).train(prompts(8));
    List<Metrics> metrics = result.metrics();
    assertThat(metrics).hasSize(50);
    assertThat(mean(metrics.subList(0, 4), "objective/scores")).isLessThan(0.25);
    assertThat(mean(metrics.subList(46, 50), "objective/scores")).isGreaterThan(0.6);
    if (loss.usesReference()) {
      assertThat(mean(metrics.subList(46, 50), "objective/kl")).isPositive();
    } else {
      assertThat(metrics.get(49).values()).doesNotContainKey("objective/kl");
    }
    result.model().close();
  }

  /** The policy is the reference before the first update, at the temperature of the sampler. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstUpdateStartsAtTheReference(boolean adapter) {
    OnlinePreferenceTrainer trainer =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(RewardFunction.each("number", WantedTokens::number))
            .rollouts(new RolloutOptions(LENGTH, 0.6))
            .samples(3)
            .batchSize(8);
    FineTuningResult result = (adapter ? trainer.adapter(Lora.rank(2)) : trainer).train(prompts(8));
    Map<String, Double> first = result.metrics().get(0).values();
    result.model().close();
    assertThat(first.get("loss")).isCloseTo(Math.log(2), within(1e-6));
    assertThat(first.get("objective/kl")).isCloseTo(0, within(1e-4));
    assertThat(first.get("rewards/margins")).isCloseTo(0, within(1e-5));
    assertThat(first.get("objective/rlhf_reward"))
        .isCloseTo(first.get("objective/scores") - 0.1 * first.get("objective/kl"), within(1e-12));
    assertThat(first.get("objective/entropy")).isBetween(1.0, LENGTH * Math.log(VOCAB));
    assertThat(first.get("objective/scores_margin")).isPositive();
    assertThat(first.get("pairs/kept") + first.get("pairs/ties") + first.get("pairs/identical"))
        .isCloseTo(1, within(1e-12));
    assertThat(first)
        .containsKeys(
            "rewards/chosen",
            "rewards/rejected",
            "rewards/accuracies",
            "logps/chosen",
            "logps/rejected",
            "val/contain_eos_token",
            "rewards/number/mean");
  }

  /** The reference has the adapter of the model that training starts from, merged or further. */
  @Test
  void aModelWithAnAdapterIsItsOwnReference() {
    OnlinePreferenceTrainer trainer =
        trainer(PreferenceLoss.dpo(0.1)).samples(4).adapter(Lora.rank(2)).epochs(8);
    try (DecoderModel adapted = trainer.train(prompts(8)).model()) {
      for (PreferenceLoss loss :
          List.of(
              PreferenceLoss.dpo(0.1),
              new LdDpoLoss(0.1, 0.5, LdDpoLoss.Models.POLICY_AND_REFERENCE))) {
        OnlinePreferenceTrainer again =
            OnlinePreferenceTrainer.of(adapted, loss)
                .reward(RewardFunction.each("number", WantedTokens::number))
                .rollouts(new RolloutOptions(LENGTH, 0.9))
                .samples(3)
                .batchSize(8)
                .learningRate(1e-2);
        for (OnlinePreferenceTrainer one : List.of(again, again.adapter(Lora.rank(2)))) {
          FineTuningResult result = one.train(prompts(8));
          Map<String, Double> first = result.metrics().get(0).values();
          assertThat(first.get("objective/kl")).isCloseTo(0, within(1e-4));
          assertThat(first.get("loss")).isCloseTo(Math.log(2), within(1e-5));
          assertThat(result.model().id()).isNotEqualTo(adapted.id());
          result.model().close();
        }
      }
    }
  }

  @Test
  void equalScoresAreLearnedFromWhereAskedTo() {
    FineTuningResult result =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(RewardFunction.each("one", r -> 1))
            .ties(Ties.FIRST)
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(4)
            .train(prompts(4));
    assertThat(result.model().id()).isNotEqualTo(base.id());
    Map<String, Double> metrics = result.metrics().get(0).values();
    assertThat(metrics).containsEntry("pairs/ties", 0.0);
    assertThat(metrics.get("pairs/kept"))
        .isPositive()
        .isEqualTo(1 - metrics.get("pairs/identical"));
    result.model().close();
  }

  @Test
  void aMissingEndIsPenalisedBeforeAnswersAreCompared() {
    OnlinePreferenceTrainer trainer =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .reward(RewardFunction.each("one", r -> 1))
            .samples(4)
            .rollouts(RolloutOptions.of(3))
            .batchSize(8)
            .epochs(30)
            .learningRate(2e-2);
    FineTuningResult result = trainer.missingEndPenalty(2).train(prompts(8));
    result.model().close();
    List<Metrics> metrics = result.metrics();
    for (Metrics m : metrics) {
      assertThat(m.values().get("objective/scores"))
          .isCloseTo(1 - 2 * (1 - m.values().get("val/contain_eos_token")), within(1e-9));
    }
    assertThat(mean(metrics.subList(0, 3), "val/contain_eos_token")).isLessThan(0.6);
    assertThat(mean(metrics.subList(27, 30), "val/contain_eos_token")).isGreaterThan(0.85);
  }

  @Test
  void theLearnerTakesSeedAndFolder() throws Exception {
    DecoderModel model =
        (DecoderModel)
            OnlinePreferenceTrainer.learner(
                    PreferenceLoss.dpo(0.1),
                    t ->
                        t.reward(REWARD)
                            .rollouts(new RolloutOptions(LENGTH, 0.9))
                            .batchSize(8)
                            .learningRate(2e-2))
                .train(base, prompts(8), TrainingContext.of(5).withRunFolder(folder));
    FineTuningResult same = trainer(PreferenceLoss.dpo(0.1)).seed(5).train(prompts(8));
    assertThat(model.id()).isEqualTo(same.model().id());
    assertThat(Files.readString(folder.resolve("metrics.jsonl"))).contains("objective/kl");
    model.close();
    same.model().close();
  }
}
