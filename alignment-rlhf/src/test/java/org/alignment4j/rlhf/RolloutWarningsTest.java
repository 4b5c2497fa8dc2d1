package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.OffPolicyCorrection;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.selection.Selection;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What runs say, once, of steps that go well and do not do what is hoped. */
class RolloutWarningsTest {

  private DecoderModel base;

  @BeforeEach
  void open() {
    base = SmallPolicies.model();
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static Map<String, Double> mean(double value) {
    return Map.of(StepMetrics.MISMATCH, value);
  }

  @Test
  void aSamplerThatIsAnotherPolicyIsWarnedOfOnceAboveTheThreshold() {
    RolloutWarnings warnings = new RolloutWarnings(PolicyRewards.none(), false);
    assertThat(warnings.mismatched(1, Map.of())).isEmpty();
    assertThat(warnings.mismatched(2, mean(1e-4))).isEmpty();
    assertThat(warnings.mismatched(3, mean(1e-3))).isEmpty();
    assertThat(warnings.mismatched(4, mean(0.002)))
        .singleElement()
        .asString()
        .contains(
            "sampling/sampling_logp_difference/mean must be at most 0.001",
            "was 0.002 at step 4",
            "PolicyUpdates.withCorrection");
    assertThat(warnings.mismatched(5, mean(1))).isEmpty();
    assertThat(new RolloutWarnings(PolicyRewards.none(), true).mismatched(1, mean(1))).isEmpty();
  }

  @Test
  void completionsMostOfWhichAreCutAreWarnedOfOnce() {
    RolloutWarnings warnings = new RolloutWarnings(PolicyRewards.none(), false);
    assertThat(warnings.cut(1, Map.of())).isEmpty();
    assertThat(warnings.cut(2, Map.of("completions/clipped_ratio", 0.5))).isEmpty();
    assertThat(warnings.cut(3, Map.of("completions/clipped_ratio", 0.75)))
        .singleElement()
        .asString()
        .contains("completions/clipped_ratio was 0.75 at step 3", "RolloutOptions");
    assertThat(warnings.cut(4, Map.of("completions/clipped_ratio", 1.0))).isEmpty();
  }

  @Test
  void groupsOfEqualRewardsAloneAreWarnedOfOnce() {
    RolloutWarnings warnings = new RolloutWarnings(PolicyRewards.none(), false);
    assertThat(warnings.equal(1, Map.of())).isEmpty();
    assertThat(warnings.equal(2, Map.of("frac_reward_zero_std", 0.9))).isEmpty();
    assertThat(warnings.equal(3, Map.of("frac_reward_zero_std", 1.0)))
        .singleElement()
        .asString()
        .contains("frac_reward_zero_std was 1 at step 3", "nothing is learned");
    assertThat(warnings.equal(4, Map.of("frac_reward_zero_std", 1.0))).isEmpty();
  }

  @Test
  void stepsWithoutAPairAreWarnedOfOnce() {
    RolloutWarnings warnings = new RolloutWarnings(PolicyRewards.none(), true);
    OnlinePairs.Pair pair = new OnlinePairs.Pair(0, 1, 1);
    assertThat(warnings.unpaired(1, new OnlinePairs(List.of(pair), 9, 0, 0))).isEmpty();
    assertThat(warnings.unpaired(2, new OnlinePairs(List.of(), 3, 2, 1)))
        .singleElement()
        .asString()
        .contains(
            "pairs/kept was 0 at step 2, which changes nothing",
            "score the same for 3 of the prompts and are the same tokens for 2",
            "have a score for 1",
            "sample hotter");
    assertThat(warnings.unpaired(3, new OnlinePairs(List.of(), 3, 2, 1))).isEmpty();
  }

  @Test
  void rewardsThatSelectNothingAreWarnedOfOnce() {
    Groups groups = Groups.consecutive(2, 2);
    SequenceRewards equal = SequenceRewards.of(1, 3, 3, 3, 3);
    SequenceRewards within = SequenceRewards.of(1, 3, 3, 4, 4);
    SequenceRewards different = SequenceRewards.of(1, 3, 4, 4, 4);
    Selection best = Selection.bestPerPrompt();
    Selection top = Selection.topShare(0.5);
    for (Selection perPrompt : List.of(best, best.klAware(0.1))) {
      RolloutWarnings warnings = new RolloutWarnings(PolicyRewards.none(), true);
      assertThat(warnings.indifferent(1, different, groups, perPrompt)).isEmpty();
      assertThat(warnings.indifferent(2, within, groups, perPrompt))
          .singleElement()
          .asString()
          .contains("the rewards of all answers to each prompt were equal in iteration 2");
      assertThat(warnings.indifferent(3, within, groups, perPrompt)).isEmpty();
    }
    RolloutWarnings warnings = new RolloutWarnings(PolicyRewards.none(), true);
    assertThat(warnings.indifferent(1, within, groups, top)).isEmpty();
    assertThat(warnings.indifferent(2, SequenceRewards.of(1, 3), Groups.consecutive(1, 1), best))
        .isEmpty();
    assertThat(warnings.indifferent(3, equal, groups, top))
        .singleElement()
        .asString()
        .contains("the rewards of all answers were equal in iteration 3");
  }

  /** What whole trainings say of a reward that is always the same, and of answers that are cut. */
  @Test
  void constantRewardsAndCutAnswersAreLoggedOnceInEveryTraining() {
    RewardFunction equal = RewardFunction.each("equal", r -> 1);
    RolloutOptions rollouts = RolloutOptions.of(SmallPolicies.LENGTH);
    Runnable raft =
        () ->
            RaftTrainer.of(base)
                .reward(equal)
                .rollouts(rollouts)
                .truncated(TruncatedAnswers.KEEP)
                .samples(2)
                .iterations(2)
                .train(SmallPolicies.prompts(3))
                .model()
                .close();
    Runnable online =
        () ->
            OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
                .reward(equal)
                .rollouts(rollouts)
                .batchSize(3)
                .epochs(2)
                .train(SmallPolicies.prompts(6))
                .model()
                .close();
    assertThat(Logged.warnings(raft))
        .hasSize(2)
        .anyMatch(w -> w.contains("completions/clipped_ratio was") && w.contains("at step 1"))
        .anyMatch(w -> w.contains("to each prompt were equal in iteration 1"));
    assertThat(Logged.warnings(online))
        .hasSize(2)
        .anyMatch(w -> w.contains("val/contain_eos_token was") && w.contains("at step 1"))
        .anyMatch(w -> w.contains("pairs/kept was 0 at step 1"));
  }

  @Test
  void aConstantThatIsNotTheLimitOfCompletionsIsWarnedOfOnce() {
    Function<PolicyMethod, List<String>> said =
        method ->
            warnings(
                () ->
                    SmallPolicies.trainer(base, method, SmallPolicies.first())
                        .epochs(2)
                        .train(SmallPolicies.prompts(3))
                        .model()
                        .close());
    assertThat(said.apply(PolicyMethod.drGrpo(8)))
        .singleElement()
        .asString()
        .contains(
            "dr_grpo divides the sums of tokens by the constant 8 but completions have up to 4",
            "is 0.500 times that");
    assertThat(said.apply(PolicyMethod.drGrpo(SmallPolicies.LENGTH))).isEmpty();
  }

  @Test
  void rewardsThatApplyToNothingAreNamedOnceEach() {
    PolicyRewards functions =
        PolicyRewards.none()
            .and(new WeightedReward(RewardFunction.each("a", r -> 0), 1))
            .and(new WeightedReward(RewardFunction.each("b", r -> 0), 0));
    RolloutWarnings warnings = new RolloutWarnings(functions, false);
    assertThat(warnings.silent(1, rewards(1.0, 2.0))).isEmpty();
    assertThat(warnings.silent(2, rewards(null, 2.0))).isEmpty();
    assertThat(warnings.silent(3, rewards(null, null)))
        .singleElement()
        .asString()
        .startsWith("reward 'b' applied to none of the 2 completions of step 3");
    assertThat(warnings.silent(4, rewards(null, null))).isEmpty();
  }

  /** Of a, and of b, whose part is as silent as itself. */
  private static SequenceRewards rewards(Double first, Double second) {
    List<Double> values = Arrays.asList(first, second);
    return SequenceRewards.of(
        1,
        List.of(
            RewardComponent.of("a", 1, 3, 4),
            new RewardComponent("b", 0, values),
            new RewardComponent("b/part", 0, Arrays.asList(null, null))));
  }

  /** What a training warns of, but for completions that are cut, as most are after four tokens. */
  private static List<String> warnings(Runnable training) {
    return Logged.warnings(training).stream()
        .filter(warning -> !warning.contains("most completions are cut"))
        .toList();
  }

  @Test
  void aTrainingLogsOnceThatMostOfItsCompletionsAreCut() {
    assertThat(
            Logged.warnings(
                () ->
                    SmallPolicies.trainer(base, PolicyMethod.grpo(), SmallPolicies.first())
                        .train(SmallPolicies.prompts(6))
                        .model()
                        .close()))
        .singleElement()
        .asString()
        .contains("RolloutWarnings", StepMetrics.CUT, "at step 1");
  }

  private List<String> given(PolicyMethod method, double logProb) {
    List<RewardedAnswer> answers = new ArrayList<>();
    for (int token = 3; token < 5; token++) {
      answers.add(RewardedAnswer.of(TokenIds.of(token), token).withLogProbs(LogProbs.of(logProb)));
    }
    RewardedGroup group = new RewardedGroup(TokenIds.of(5, 6), answers);
    return Logged.warnings(
        () -> {
          try (PolicyTraining training = SmallPolicies.trainer(base, method).beginGiven(2)) {
            training.step(List.of(group));
            training.step(List.of(group));
          }
        });
  }

  @Test
  void aTrainingLogsTheMismatchWithItsStep() {
    PolicyMethod grpo = PolicyMethod.grpo();
    assertThat(given(grpo, -9))
        .singleElement()
        .asString()
        .contains("RolloutWarnings", StepMetrics.MISMATCH, "at step 1", "OffPolicyCorrection");
    assertThat(
            given(
                grpo.withUpdates(grpo.updates().withCorrection(OffPolicyCorrection.truncated(3))),
                -9))
        .isEmpty();
  }

  @Test
  void ownSamplesAreOfThePolicyThatLearns() {
    assertThat(
            warnings(
                () ->
                    SmallPolicies.trainer(base, PolicyMethod.grpo(), SmallPolicies.first())
                        .train(SmallPolicies.prompts(6))
                        .model()
                        .close()))
        .isEmpty();
  }

  @Test
  void trainingsLogRewardsThatApplyToNothing() {
    RewardFunction silent = SmallPolicies.silent();
    RewardFunction first = SmallPolicies.first();
    RolloutOptions rollouts = RolloutOptions.of(SmallPolicies.LENGTH);
    List<Runnable> trainings =
        List.of(
            () ->
                SmallPolicies.trainer(base, PolicyMethod.grpo(), first, silent)
                    .train(SmallPolicies.prompts(6))
                    .model()
                    .close(),
            () ->
                RaftTrainer.of(base)
                    .reward(first)
                    .reward(silent)
                    .rollouts(rollouts)
                    .truncated(TruncatedAnswers.KEEP)
                    .samples(2)
                    .iterations(2)
                    .train(SmallPolicies.prompts(3))
                    .model()
                    .close(),
            () ->
                OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
                    .reward(first)
                    .reward(silent)
                    .rollouts(rollouts)
                    .batchSize(3)
                    .train(SmallPolicies.prompts(6))
                    .model()
                    .close());
    for (Runnable training : trainings) {
      assertThat(warnings(training))
          .singleElement()
          .asString()
          .contains("reward 'silent' applied to none of the", "completions of step 1");
    }
    RewardFunction sometimes =
        SmallPolicies.of(
            "sometimes",
            answers ->
                answers.stream()
                    .map(a -> a.sample() == 0 ? OptionalDouble.of(1) : OptionalDouble.empty())
                    .toList());
    assertThat(
            warnings(
                () ->
                    SmallPolicies.trainer(base, PolicyMethod.grpo(), first, sometimes)
                        .train(SmallPolicies.prompts(3))
                        .model()
                        .close()))
        .isEmpty();
  }
}
