package org.alignment4j.rlhf.reward;

import static org.alignment4j.rlhf.reward.Scoring.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.junit.jupiter.api.Test;

/** Ensembles, sums, scales and bounds of reward models. */
class CombinedRewardsTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final Scoring NUMBER = Scoring.numbers("number");
  private static final Scoring TENFOLD =
      new Scoring("tenfold", t -> 10 * Double.parseDouble(t) + 3);

  private static EnsembleRewardModel ensemble(EnsembleScore score) {
    return EnsembleRewardModel.of(score, ImmutableMap.of("a", NUMBER, "b", TENFOLD));
  }

  @Test
  void anEnsembleShowsItsMembersAndTheirDeviation() {
    Reward reward = ensemble(EnsembleScore.worstCase()).score(answers("1")).get(0);
    assertThat(reward.value()).isEqualTo(1);
    assertThat(reward.components()).containsExactly(Map.entry("a", 1.0), Map.entry("b", 13.0));
    assertThat(reward.standardDeviation().getAsDouble()).isCloseTo(6, within(1e-12));
    assertThat(ensemble(EnsembleScore.mean()).score(answers("1")).get(0).value()).isEqualTo(7);
    assertThat(
            ensemble(EnsembleScore.mean())
                .withScore(EnsembleScore.uncertaintyWeighted(0.5))
                .score(answers("1"))
                .get(0)
                .value())
        .isCloseTo(7 - 0.5 * 36, within(1e-12));
    assertThat(
            EnsembleRewardModel.of(EnsembleScore.mean(), Map.of("a", NUMBER))
                .score(answers("4"))
                .get(0)
                .standardDeviation())
        .hasValue(0);
    assertThat(ensemble(EnsembleScore.mean()).id())
        .contains("number", "tenfold")
        .isNotEqualTo(ensemble(EnsembleScore.worstCase()).id());
    assertThat(ensemble(EnsembleScore.mean()).score(List.of())).isEmpty();
  }

  @Test
  void membersOfDifferentScaleAgreeOnceNormalised() {
    EnsembleRewardModel normalised =
        ensemble(EnsembleScore.worstCase()).normalised(answers("1", "2", "6"), NONE);
    List<Reward> rewards = normalised.score(answers("1", "2", "6", "10"));
    double[] values = rewards.stream().mapToDouble(Reward::value).toArray();
    assertThat(values[0] + values[1] + values[2]).isCloseTo(0, within(1e-12));
    double deviation = Math.sqrt((4 + 1 + 9) / 2.0);
    assertThat(values[3]).isCloseTo((10 - 3) / deviation, within(1e-12));
    for (Reward reward : rewards) {
      assertThat(reward.standardDeviation().getAsDouble()).isCloseTo(0, within(1e-12));
    }
    assertThatThrownBy(() -> ensemble(EnsembleScore.mean()).normalised(answers("1", "1"), NONE))
        .hasMessageContaining("member 'a': rewards must be at least two and differ");
  }

  @Test
  void aMemberThatFailsIsNamed() {
    RewardModel nan = new Scoring("nan", t -> t.equals("2") ? Double.NaN : 0);
    assertThatThrownBy(
            () ->
                EnsembleRewardModel.of(
                        EnsembleScore.mean(), ImmutableMap.of("good", NUMBER, "bad", nan))
                    .score(answers("1", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("reward model 'bad': answers[1]: reward value must be finite but was NaN");
    RewardModel broken =
        new Scoring(
            "broken",
            t -> {
              throw new ModelExecutionException("the device is gone");
            });
    assertThatThrownBy(
            () ->
                CompositeRewardModel.of("good", NUMBER, 1)
                    .and("bad", broken, 0)
                    .score(answers("1")))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("reward model 'bad': the device is gone");
    RewardModel few =
        new RewardModel() {
          @Override
          public String id() {
            return "few";
          }

          @Override
          public List<Reward> score(List<PromptCompletion> answers, CancellationToken token) {
            return List.of(Reward.of(1));
          }
        };
    assertThatThrownBy(() -> ScaledRewardModel.of(few, RewardScale.NONE).score(answers("1", "2")))
        .hasMessage("reward model 'few' must score each of 2 answers but scored 1");
    Cancellation cancelled = new Cancellation();
    cancelled.cancel();
    assertThatThrownBy(() -> ensemble(EnsembleScore.mean()).score(answers("1"), cancelled))
        .isInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> EnsembleRewardModel.of(EnsembleScore.mean(), Map.of()))
        .hasMessage("members must be at least one but there are none");
  }

  @Test
  void aSumShowsItsMembersUnweightedAndTheirParts() {
    CompositeRewardModel sum =
        CompositeRewardModel.of("helpful", ensemble(EnsembleScore.mean()), 2)
            .and("short", new Scoring("length", t -> -t.length()), 0.5);
    Reward reward = sum.score(answers("12")).get(0);
    assertThat(reward.value()).isCloseTo(2 * (12 + 123) / 2.0 - 0.5 * 2, within(1e-12));
    assertThat(reward.components())
        .containsExactly(
            Map.entry("helpful", 67.5),
            Map.entry("helpful/a", 12.0),
            Map.entry("helpful/b", 123.0),
            Map.entry("short", -2.0));
    assertThatThrownBy(() -> sum.and("short", NUMBER, 1))
        .hasMessage("rewards must have different names but two are 'short'");
    assertThatThrownBy(() -> sum.and("more", NUMBER, Double.POSITIVE_INFINITY))
        .hasMessage("weight of the reward 'more' must be finite but was Infinity");
    assertThatThrownBy(() -> CompositeRewardModel.of("a", NUMBER, 10).score(answers("1e308")))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("answers[0] must be finite but was Infinity");
  }

  @Test
  void aFixedScaleGivesTheReferenceSetMeanZeroAndDeviationOne() {
    List<PromptCompletion> reference = answers("3", "5", "10", "-2");
    RewardScale scale = RewardScale.of(NUMBER, reference, NONE);
    assertThat(scale.shift()).isCloseTo(4, within(1e-12));
    assertThat(scale.scale()).isCloseTo(Math.sqrt((1 + 1 + 36 + 36) / 3.0), within(1e-12));
    List<Reward> scaled =
        ScaledRewardModel.of(ensemble(EnsembleScore.mean()), new RewardScale(1, 2))
            .score(answers("1"));
    assertThat(scaled.get(0).value()).isCloseTo((7 - 1) / 2.0, within(1e-12));
    assertThat(scaled.get(0).components()).containsEntry("raw", 7.0).containsEntry("a", 1.0);
    assertThat(scaled.get(0).standardDeviation()).isEqualTo(OptionalDouble.of(3));
    // Scaled twice, the last raw value is told.
    assertThat(
            ScaledRewardModel.of(
                    ScaledRewardModel.of(NUMBER, new RewardScale(1, 2)), new RewardScale(0, 4))
                .score(answers("9"))
                .get(0))
        .isEqualTo(new Reward(1, Map.of("raw", 4.0), OptionalDouble.empty()));
    assertThatThrownBy(() -> RewardScale.of(1, 1, 1)).hasMessageContaining("3 reference rewards");
    assertThatThrownBy(() -> RewardScale.of(1, Double.NaN))
        .hasMessage("rewards[1] must be finite but was NaN");
    assertThatThrownBy(() -> new RewardScale(0, 0)).hasMessageContaining("were 0.0 and 0.0");
  }

  @Test
  void clippingReportsTheShareThatWasClipped() {
    ClippedRewardModel clipped = ClippedRewardModel.of(NUMBER, new RewardClip(2));
    List<Reward> rewards = clipped.score(answers("1", "2", "3", "-7"));
    assertThat(rewards.stream().mapToDouble(Reward::value).toArray()).containsExactly(1, 2, 2, -2);
    assertThat(rewards.stream().mapToDouble(r -> r.components().get("clipped")).toArray())
        .containsExactly(0, 0, 1, 1);
    assertThat(clipped.id()).isEqualTo("clipped(number, 2.0)");
  }

  @Test
  void manyThreadsScoreAtOnce() throws Exception {
    RewardModel model =
        ClippedRewardModel.of(
            CompositeRewardModel.of("e", ensemble(EnsembleScore.worstCase()), 1)
                .and("s", ScaledRewardModel.of(NUMBER, new RewardScale(1, 2)), 1),
            new RewardClip(50));
    String[] texts = new String[40];
    Arrays.setAll(texts, Integer::toString);
    List<Reward> expected = model.score(answers(texts));
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<List<Reward>>> tasks =
          Collections.nCopies(64, () -> model.score(answers(texts)));
      for (Future<List<Reward>> result : pool.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
