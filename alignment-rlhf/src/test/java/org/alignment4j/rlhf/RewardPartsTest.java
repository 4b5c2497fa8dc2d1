package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.advantage.AdvantageInput;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.CosineLength;
import org.alignment4j.rlhf.advantage.DecoupledGroupEstimator;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.RepetitionPenalty;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.reward.ClippedRewardModel;
import org.alignment4j.rlhf.reward.LengthBand;
import org.alignment4j.rlhf.reward.RewardRules;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;

/** What reward functions say besides their rewards, and where it goes. */
class RewardPartsTest {

  private static final CancellationToken NONE = CancellationToken.none();

  static Rollout rollout(String text, int... tokens) {
    return new Rollout(
        0, 0, Prompt.text("q"), TokenIds.of(1), text, TokenIds.of(tokens), tokens.length >= 4);
  }

  private static final RewardModel MODEL =
      new RewardModel() {
        @Override
        public String id() {
          return "parts";
        }

        @Override
        public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
          List<Reward> rewards = new ArrayList<>();
          for (PromptCompletion answer : answers) {
            double n = Double.parseDouble(answer.completion());
            rewards.add(
                new Reward(
                    n,
                    n > 1 ? Map.of("square", n * n, "large", 1.0) : Map.of("square", n * n),
                    n > 1 ? OptionalDouble.of(0.5) : OptionalDouble.empty()));
          }
          return rewards;
        }
      };

  @Test
  void partsOfARewardModelAreReportedAndNotAddedUp() {
    PolicyRewards rewards =
        PolicyRewards.none().and(new WeightedReward(RewardFunction.of("m", MODEL), 2));
    SequenceRewards scores = rewards.score(1, List.of(rollout("1", 1), rollout("3", 2)), NONE);
    assertThat(scores.totals()).containsExactly(2, 6);
    assertThat(RewardMetrics.of(scores, Groups.consecutive(1, 2)))
        .containsEntry("reward", 4.0)
        .containsEntry("rewards/m/mean", 2.0)
        .containsEntry("rewards/m/square/mean", 5.0)
        .containsEntry("rewards/m/large/mean", 1.0)
        .containsEntry("rewards/m/standard_deviation/mean", 0.5);
  }

  @Test
  void aPartIsNoOpinion() {
    RewardFunction silent =
        new RewardFunction() {
          @Override
          public String name() {
            return "silent";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            return scores(answers, token).values();
          }

          @Override
          public RewardScores scores(List<Rollout> answers, CancellationToken token) {
            return new RewardScores(
                List.of(OptionalDouble.empty(), OptionalDouble.of(1)),
                Map.of("part", List.of(OptionalDouble.of(7), OptionalDouble.of(8))));
          }
        };
    SequenceRewards scores =
        PolicyRewards.none()
            .and(new WeightedReward(silent, 1))
            .score(1, List.of(rollout("a", 1), rollout("b", 2)), NONE);
    assertThat(scores.present(0)).isFalse();
    assertThat(RewardMetrics.of(scores, Groups.consecutive(1, 2)))
        .containsEntry("rewards/silent/part/mean", 8.0);
    assertThatThrownBy(
            () -> new RewardScores(List.of(OptionalDouble.of(1)), Map.of("part", List.of())))
        .hasMessage("part 'part' must be of 1 answers but is of 0");
  }

  /** Of two figures of one name only one would be reported. */
  @Test
  void aRewardMayNotHaveTheNameOfAPart() {
    PolicyRewards rewards =
        PolicyRewards.none()
            .and(new WeightedReward(RewardFunction.of("m", MODEL), 1))
            .and(new WeightedReward(RewardFunction.each("m/square", r -> 1), 1));
    assertThatThrownBy(() -> rewards.score(4, List.of(rollout("1", 1)), NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "rewards at step 4 must have different names but two are 'm/square'; rename a reward"
                + " function or penalty, or, where one is named as FUNCTION/PART, the part of the"
                + " other");
    SequenceRewards one = SequenceRewards.of(1, 2, 3);
    assertThatThrownBy(() -> one.with(RewardComponent.penalty("reward", 0, -1)))
        .hasMessageContaining("two are 'reward'");
    assertThat(one.with(RewardComponent.penalty("late", 0, -1)).totals()).containsExactly(2, 2);
  }

  @Test
  void clippingKeepsWhatAModelSaysOfItsUncertainty() {
    List<Reward> rewards =
        ClippedRewardModel.of(MODEL, new RewardClip(2))
            .score(List.of(rollout("1", 1).answer(), rollout("3", 1).answer()), NONE);
    assertThat(rewards.get(0))
        .isEqualTo(new Reward(1, Map.of("square", 1.0, "clipped", 0.0), OptionalDouble.empty()));
    assertThat(rewards.get(1))
        .isEqualTo(
            new Reward(
                2, Map.of("square", 9.0, "large", 1.0, "clipped", 1.0), OptionalDouble.of(0.5)));
  }

  @Test
  void trainingReportsPartsAndTheClippedShare() {
    ConfigJson config = TestModels.config("llama", 12, 16, 2, 32);
    RewardModel length =
        new RewardModel() {
          @Override
          public String id() {
            return "five";
          }

          @Override
          public List<Reward> score(List<PromptCompletion> answers, CancellationToken token) {
            List<Reward> rewards = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
              rewards.add(Reward.of(i % 4 == 0 ? 5 : 0));
            }
            return rewards;
          }
        };
    try (DecoderModel base = TestModels.of(config, TestModels.weights(config, 0.4))) {
      FineTuningResult result =
          PolicyTrainer.of(base, PolicyMethod.grpo().withGroupSize(4))
              .reward(
                  RewardFunction.of("bounded", ClippedRewardModel.of(length, new RewardClip(2))))
              .rollouts(RolloutOptions.of(4))
              .train(List.of(Prompt.tokens(1, 2)));
      assertThat(result.metrics().get(0).values())
          .containsEntry("rewards/bounded/mean", 0.5)
          .containsEntry("rewards/bounded/clipped/mean", 0.25)
          .containsEntry("reward", 0.5);
      result.model().close();
    }
  }

  @Test
  void functionsOfTextKeepWhatDoesNotApply() {
    RewardFunction exact =
        RewardFunction.of(
            "exact", RewardRules.exact(p -> ((Prompt.Text) p).text().equals("q") ? "yes" : null));
    assertThat(exact.score(List.of(rollout("yes", 1), rollout("no", 1)), NONE))
        .containsExactly(OptionalDouble.of(1), OptionalDouble.of(0));
    RewardFunction none = RewardFunction.of("none", RewardRules.exact(p -> null));
    assertThat(none.score(List.of(rollout("yes", 1)), NONE))
        .containsExactly(OptionalDouble.empty());
    assertThat(exact.state()).isEmpty();
    assertThatThrownBy(() -> exact.restore(Map.of("mean", List.of(1.0))))
        .hasMessage("reward 'exact' remembers nothing but its state has [mean]");
  }

  @Test
  void tokensAreRewardedAsTheyWereSampled() {
    Rollout repeated = rollout("x", 1, 2, 1, 2, 1, 2);
    Rollout brief = rollout("x", 1, 2);
    List<Rollout> both = List.of(repeated, brief);
    // Four trigrams, of which two are different.
    assertThat(RolloutRewards.repetition(new RepetitionPenalty(3, -1)).score(both, NONE))
        .containsExactly(OptionalDouble.of(-0.5), OptionalDouble.of(0));
    assertThat(RolloutRewards.length(new LengthBand(1, 4, 4)).score(both, NONE))
        .containsExactly(OptionalDouble.of(0.5), OptionalDouble.of(1));
    assertThat(RolloutRewards.ended().score(both, NONE))
        .containsExactly(OptionalDouble.of(0), OptionalDouble.of(1));
    RewardFunction cosine =
        RolloutRewards.cosineLength(CosineLength.standard(6), RewardRules.exact(p -> "x"));
    List<OptionalDouble> lengths = cosine.score(List.of(repeated, brief, rollout("y", 1, 2)), NONE);
    assertThat(lengths.get(0).getAsDouble()).isCloseTo(0.5, within(1e-12));
    assertThat(lengths.get(1).getAsDouble())
        .isCloseTo(0.5 + 0.25 * (1 + Math.cos(Math.PI / 3)), within(1e-12));
    assertThat(lengths.get(2).getAsDouble())
        .isCloseTo(-0.5 - 0.25 * (1 + Math.cos(Math.PI / 3)), within(1e-12));
    assertThat(
            RolloutRewards.cosineLength(CosineLength.standard(6), RewardRules.exact(p -> null))
                .score(List.of(brief), NONE))
        .containsExactly(OptionalDouble.empty());
  }

  /** Parts weigh nothing, in estimators that look at components too. */
  @Test
  void partsDoNotChangeAdvantages() {
    RewardFunction plain = RewardFunction.each("m", r -> Double.parseDouble(r.text()));
    List<Rollout> rollouts =
        List.of(rollout("1", 1), rollout("3", 2), rollout("0", 2), rollout("2", 2));
    List<double[]> totals = new ArrayList<>();
    for (RewardFunction f : List.of(plain, RewardFunction.of("m", MODEL))) {
      SequenceRewards scores =
          PolicyRewards.none().and(new WeightedReward(f, 1)).score(1, rollouts, NONE);
      totals.add(advantages(scores));
    }
    assertThat(totals.get(1)).containsExactly(totals.get(0));
  }

  private static double[] advantages(SequenceRewards scores) {
    return new DecoupledGroupEstimator(1e-4)
        .estimate(
            AdvantageInput.of(
                scores, Groups.consecutive(2, 2), CompletionMask.ofLengths(1, 1, 1, 1)))
        .advantages()
        .flat();
  }
}
