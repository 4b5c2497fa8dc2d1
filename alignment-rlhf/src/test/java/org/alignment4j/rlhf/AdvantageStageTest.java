package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.GroupSampling.Truncated;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.GaeEstimator;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.ScorePlacement;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.advantage.Variance;
import org.alignment4j.rlhf.advantage.Whitening;
import org.alignment4j.rlhf.data.RolloutRows;
import org.alignment4j.rlhf.data.RowCosts;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.MicroBatch;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step learns of completions that have no reward, no end, or others to compare with. */
class AdvantageStageTest {

  private static final int LIMIT = 6;
  private static final int END = SmallPolicies.END;
  private static final Offset<Double> EXACT = within(1e-12);

  private static Rollout rollout(int sample, boolean truncated, int... tokens) {
    return new Rollout(
        0, sample, Prompt.text("p"), TokenIds.of(1, 2), "a", TokenIds.of(tokens), truncated);
  }

  private static SampledStep sampled(int groups, Rollout... rollouts) {
    return new SampledStep(
        List.of(rollouts), Groups.consecutive(groups, rollouts.length / groups), null);
  }

  private static PolicySettings settings(PolicyMethod method, PolicyRewards rewards) {
    return new PolicySettings(method, rewards, RolloutOptions.of(LIMIT), Critic.standard(), null)
        .checked();
  }

  private static PolicyAdvantages run(
      PolicySettings settings, ScoredStep scored, StepOutputs outputs) {
    return new AdvantageStage(settings, PolicyState.initial(settings), scored, outputs).run();
  }

  private static SequenceRewards rewards(@Nullable Double... values) {
    return SequenceRewards.of(
        1,
        List.of(new RewardComponent("r", 1, Collections.unmodifiableList(Arrays.asList(values)))));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05})
  void aPenaltyOnDivergenceMakesNoReward(double beta) {
    PolicySettings settings =
        settings(PolicyMethod.rloo().withKl(KlController.fixed(beta)), PolicyRewards.none());
    SampledStep step =
        sampled(
            1,
            rollout(0, false, 3),
            rollout(1, false, 4, 5),
            rollout(2, false, 5, 6),
            rollout(3, false, 6));
    TokenValues old = TokenValues.of(new double[][] {{-1}, {-1, -2}, {-1, -1}, {-3}});
    TokenValues reference = TokenValues.of(new double[][] {{-2}, {-1, -4}, {-9, -9}, {-1}});
    PolicyAdvantages learned =
        run(
            settings,
            new ScoredStep(step, rewards(1.0, 1.0, null, null), null, null, 1),
            new StepOutputs(old, reference, null, null, null));
    assertThat(learned.advantages().mask().count(2)).isZero();
    assertThat(learned.advantages().mask().count(3)).isZero();
    // Divergences are 1 and 2: rewards 1 − β and 1 − 2β.
    TokenValues advantages = learned.advantages().advantages();
    assertThat(advantages.get(0, 0)).isCloseTo(beta, within(1e-12));
    assertThat(advantages.get(1, 1)).isCloseTo(-beta, within(1e-12));
    assertThat(advantages.row(2)).containsOnly(0);
    assertThat(advantages.row(3)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05})
  void withoutRewardsNothingIsLearnedAtTheReference(double beta) {
    List<RewardedAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Map<String, Double> reward =
          i < 2 ? Map.of("r", 1.0) : Collections.<String, Double>singletonMap("r", null);
      answers.add(new RewardedAnswer(TokenIds.of(3 + i, 4, END), false, reward, null));
    }
    try (DecoderModel base = SmallPolicies.model();
        PolicyTraining training =
            SmallPolicies.trainer(base, PolicyMethod.rloo().withKl(KlController.fixed(beta)))
                .beginGiven(1)) {
      training.step(List.of(new RewardedGroup(TokenIds.of(5, 6), answers)));
      try (DecoderModel after = training.model()) {
        SmallPolicies.same(after, base);
      }
    }
  }

  /** Greedy completions are brought to the scale of the sampled ones and do not count in it. */
  @ParameterizedTest
  @ValueSource(doubles = {0.75, 100})
  void greedyRewardsAreOnTheScaleOfTheOthers(double bound) {
    RewardNormaliser normaliser = new RewardNormaliser(Variance.BESSEL, new RewardClip(bound));
    PolicySettings settings =
        settings(PolicyVariants.reMax(), PolicyRewards.none().withNormaliser(normaliser));
    double[] given = {10, 14, 24};
    double[] greedy = {20, 12, 11};
    PolicyAdvantages learned =
        run(
            settings,
            new ScoredStep(
                sampled(3, rollout(0, false, 3), rollout(0, false, 4), rollout(0, false, 5)),
                SequenceRewards.of(1, given),
                TokenValues.of(new double[][] {greedy}),
                null,
                1),
            new StepOutputs(null, null, null, null, null));
    double deviation = Math.sqrt(52 + 1e-8);
    for (int s = 0; s < 3; s++) {
      double own = (given[s] - 16) / deviation;
      double other = (greedy[s] - 16) / deviation;
      assertThat(learned.advantages().advantages().get(s, 0))
          .isCloseTo(clip(own, bound) - clip(other, bound), within(1e-12));
    }
    assertThat(learned.next().rewards().count()).isEqualTo(3);
  }

  private static double clip(double value, double bound) {
    return Math.max(-bound, Math.min(bound, value));
  }

  private static PolicyMethod afterEnd() {
    PolicyMethod ppo = PolicyMethod.ppo();
    return ppo.withTokenRewards(
            new TokenRewards(
                KlEstimator.K1,
                ScorePlacement.AFTER_EOS,
                Integer.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                Double.POSITIVE_INFINITY))
        .withEstimator(new GaeEstimator(1, 0.9, Whitening.NONE, Whitening.NONE, Variance.BESSEL))
        .withGroups(GroupSampling.of(2).withTruncated(Truncated.BOOTSTRAPPED))
        .withKl(KlController.fixed(0))
        .fittedTo(LIMIT);
  }

  /** A network that tells which token it reads, at the place of each value. */
  private static float[] tokensRead(MicroBatch batch) {
    long[] tokens = batch.tokens().tokens();
    float[] read = new float[batch.rows().length];
    for (int i = 0; i < read.length; i++) {
      read[i] = tokens[(int) batch.rows()[i]];
    }
    return read;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void valuesAreOfTheirOwnCompletion(boolean shared) {
    List<double[]> found = new ArrayList<>();
    for (int other : new int[] {9, 11}) {
      SampledStep step =
          sampled(
              1,
              rollout(0, true, 3, 4),
              rollout(1, true, other, other, other, other, other, other));
      int[] states = AdvantageStage.valuedStates(afterEnd(), step);
      assertThat(states).containsExactly(3, 7);
      TokenValues values =
          RolloutOutputs.of(
              step.answers(),
              states,
              new RowCosts(1, 1, 1, 1, shared, Integer.MAX_VALUE),
              CancellationToken.none(),
              AdvantageStageTest::tokensRead);
      found.add(values.row(0));
    }
    assertThat(found.get(0)).containsExactly(2, 3, 4).containsExactly(found.get(1));
  }

  @Test
  void statesOfOthersAreRefused() {
    List<RolloutRows.Answer> answers =
        sampled(1, rollout(0, true, 3, 4), rollout(1, true, 5)).answers();
    String rule = "steps of answer 1 must be at most its tokens and one more, 2, but were 3";
    int[] steps = {3, 3};
    RowCosts costs = new RowCosts(1, 1, 1, 1, true, Integer.MAX_VALUE);
    assertThatThrownBy(() -> RolloutRows.microBatches(answers, steps, costs)).hasMessage(rule);
    RowPlan plan = RolloutRows.plan(answers, costs);
    assertThatThrownBy(() -> RolloutRows.microBatches(answers, steps, plan)).hasMessage(rule);
  }

  /** Of one cut off before the limit, the state behind its last token is what is still to come. */
  @Test
  void whatIsStillToComeIsValuedAtTheLastState() {
    PolicySettings settings = settings(afterEnd(), PolicyRewards.none());
    SampledStep step = sampled(1, rollout(0, true, 3, 4), rollout(1, false, 5, 6));
    TokenValues values = TokenValues.of(new double[][] {{1, 2, 4}, {1, 2, 4}});
    PolicyAdvantages learned =
        run(
            settings,
            new ScoredStep(step, SequenceRewards.of(1, 10, 10), null, null, 1),
            new StepOutputs(null, null, values, null, null));
    TokenValues advantages = learned.advantages().advantages();
    // δ: 2 − 1, and the score of 10 with 4 to come less 2; or 2 − 1, 4 − 2 and 10 − 4 behind.
    assertThat(advantages.row(0)).containsExactly(new double[] {1 + 0.9 * 12, 12}, EXACT);
    assertThat(learned.targets().get(0).returns().row(0))
        .containsExactly(new double[] {1 + 0.9 * 12 + 1, 14}, EXACT);
    assertThat(learned.targets().get(0).mask().length(0)).isEqualTo(2);
    assertThat(advantages.row(1)).containsExactly(new double[] {1 + 1.8 + 4.86, 2 + 5.4}, EXACT);
  }

  /** Neither the policy nor the critic learns from a completion that is left out. */
  @Test
  void whatIsLeftOutIsNoTargetOfTheCritic() {
    PolicyMethod method =
        afterEnd().withGroups(GroupSampling.of(2).withTruncated(Truncated.LEFT_OUT));
    SampledStep step = sampled(1, rollout(0, true, 3, 4), rollout(1, false, 5, 6));
    int states = AdvantageStage.valuedStates(method, step)[0];
    PolicyAdvantages learned =
        run(
            settings(method, PolicyRewards.none()),
            new ScoredStep(step, SequenceRewards.of(1, 10, 10), null, null, 1),
            new StepOutputs(null, null, TokenValues.of(new double[2][states]), null, null));
    for (CompletionMask mask :
        List.of(learned.advantages().mask(), learned.targets().get(0).mask())) {
      assertThat(mask.count(0)).isZero();
      assertThat(mask.count(1)).isPositive();
    }
  }
}
