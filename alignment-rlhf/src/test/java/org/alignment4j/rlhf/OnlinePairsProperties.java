package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.MissingEos;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.jspecify.annotations.Nullable;

class OnlinePairsProperties {

  private static SampledStep step(long seed, int prompts, int samples) {
    Random random = new Random(seed);
    List<Rollout> rollouts = new ArrayList<>();
    double[][] logProbs = new double[prompts * samples][1];
    for (int i = 0; i < prompts * samples; i++) {
      int token = random.nextInt(4);
      rollouts.add(
          new Rollout(
              i / samples,
              i % samples,
              Prompt.tokens(9),
              TokenIds.of(9),
              "a".repeat(token),
              TokenIds.of(token),
              random.nextBoolean()));
    }
    return new SampledStep(
        rollouts, Groups.consecutive(prompts, samples), TokenValues.of(logProbs));
  }

  @Property(tries = 300)
  void everyPromptIsCountedOnceAndItsBestAndWorstPaired(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int prompts,
      @ForAll @IntRange(min = 2, max = 4) int samples) {
    SampledStep step = step(seed, prompts, samples);
    Random random = new Random(seed + 1);
    List<@Nullable Double> scores = new ArrayList<>();
    for (int i = 0; i < prompts * samples; i++) {
      scores.add(random.nextInt(5) == 0 ? null : (Double) (double) random.nextInt(3));
    }
    SequenceRewards rewards = SequenceRewards.of(1, List.of(new RewardComponent("r", 1, scores)));
    for (Ties rule : Ties.values()) {
      OnlinePairs pairs = OnlinePairs.of(step.rollouts(), step.groups(), rewards, rule);
      assertThat(pairs.pairs().size() + pairs.ties() + pairs.identical() + pairs.unscored())
          .isEqualTo(prompts);
      for (OnlinePairs.Pair pair : pairs.pairs()) {
        assertThat(pair.chosen() / samples).isEqualTo(pair.rejected() / samples);
        double best = Objects.requireNonNull(scores.get(pair.chosen()));
        double worst = Objects.requireNonNull(scores.get(pair.rejected()));
        assertThat(pair.margin()).isEqualTo(best - worst);
        int first = pair.chosen() / samples * samples;
        for (int i = first; i < first + samples; i++) {
          Double score = scores.get(i);
          if (score != null) {
            assertThat(score).isBetween(worst, best);
            assertThat(score < best || i >= pair.chosen()).as("the first of the best").isTrue();
          }
        }
        assertThat(step.rollouts().get(pair.chosen()).tokens())
            .isNotEqualTo(step.rollouts().get(pair.rejected()).tokens());
        if (rule == Ties.DROP) {
          assertThat(pair.margin()).isPositive();
        }
      }
      if (rule == Ties.FIRST) {
        assertThat(pairs.ties()).isZero();
      }
    }
  }

  /** Whatever a judge thinks of the order, the label of a pair does not depend on it. */
  @Property(tries = 200)
  void aJudgesBiasForAPlaceCancels(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int prompts,
      @ForAll @IntRange(min = 2, max = 4) int samples) {
    SampledStep step = step(seed, prompts, samples);
    PreferenceLabeler biased = (comparisons, token) -> labels(comparisons, 0.25);
    PreferenceLabeler fair = (comparisons, token) -> labels(comparisons, 0);
    double[] with =
        new JudgeScoring("j", biased, PolicyRewards.none())
            .score(1, step, CancellationToken.none())
            .totals();
    double[] without =
        new JudgeScoring("j", fair, PolicyRewards.none())
            .score(1, step, CancellationToken.none())
            .totals();
    assertThat(with).containsExactly(without, within(1e-12));
    for (int p = 0; p < prompts; p++) {
      double sum = 0;
      for (int i = p * samples; i < (p + 1) * samples; i++) {
        double expected = 0;
        for (int j = p * samples; j < (p + 1) * samples; j++) {
          if (j != i) {
            expected += better(text(step, i), text(step, j)) / (samples - 1);
          }
        }
        assertThat(without[i]).isCloseTo(expected, within(1e-12));
        sum += without[i];
      }
      assertThat(sum).isCloseTo(samples / 2.0, within(1e-9));
    }
  }

  private static String text(SampledStep step, int i) {
    return step.rollouts().get(i).text();
  }

  private static double better(String first, String second) {
    return 0.5 + 0.08 * (first.length() - second.length());
  }

  private static List<OptionalDouble> labels(List<Comparison> comparisons, double bias) {
    return comparisons.stream()
        .map(c -> OptionalDouble.of(better(c.first(), c.second()) + bias))
        .toList();
  }

  /** A pair of which one order has no verdict does not count. */
  @Property(tries = 50)
  void halfAVerdictIsNone(@ForAll long seed) {
    SampledStep step = step(seed, 3, 2);
    PreferenceLabeler half =
        (comparisons, token) -> {
          List<OptionalDouble> labels = new ArrayList<>();
          for (int i = 0; i < comparisons.size(); i++) {
            labels.add(i % 2 == 0 ? OptionalDouble.of(1) : OptionalDouble.empty());
          }
          return labels;
        };
    SequenceRewards rewards =
        new JudgeScoring("j", half, PolicyRewards.none().withMissingEnd(MissingEos.subtract(2)))
            .score(1, step, CancellationToken.none());
    for (int i = 0; i < 6; i++) {
      boolean same = text(step, i).equals(text(step, i ^ 1));
      assertThat(rewards.present(i)).isEqualTo(same);
      if (same) {
        double penalty = step.rollouts().get(i).truncated() ? 2 : 0;
        assertThat(rewards.totals()[i]).isEqualTo(0.5 - penalty);
      }
    }
  }
}
