package org.alignment4j.rlhf.advantage;

import static org.alignment4j.rlhf.ReferenceNumbers.lengths;
import static org.alignment4j.rlhf.ReferenceNumbers.read;
import static org.alignment4j.rlhf.ReferenceNumbers.tokens;
import static org.alignment4j.rlhf.ReferenceNumbers.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Rewards of tokens, advantages and statistics against those of TRL, in float64. */
class AdvantageFixtureTest {

  private static final double TOLERANCE = 1e-9;

  private static void compare(TokenValues actual, TokenValues expected) {
    assertThat(actual.sequences()).isEqualTo(expected.sequences());
    assertThat(actual.flat()).containsExactly(expected.flat(), within(TOLERANCE));
  }

  @Test
  void maskedStatistics() throws Exception {
    JsonNode root = read("fixtures/rl/ppo.json");
    JsonNode stats = root.get("masked_stats");
    CompletionMask mask = CompletionMask.ofLengths(lengths(root.get("mask")));
    TokenValues values = tokens(stats.get("values"), mask);
    assertThat(MaskedStatistics.mean(values, mask))
        .isCloseTo(stats.get("mean").doubleValue(), within(TOLERANCE));
    assertThat(MaskedStatistics.variance(values, mask, Variance.BESSEL))
        .isCloseTo(stats.get("var_unbiased").doubleValue(), within(TOLERANCE));
    assertThat(MaskedStatistics.variance(values, mask, Variance.BIASED))
        .isCloseTo(stats.get("var_biased").doubleValue(), within(TOLERANCE));
    compare(
        MaskedStatistics.whiten(values, mask, Whitening.FULL, Variance.BESSEL),
        tokens(stats.get("whiten"), mask));
    compare(
        MaskedStatistics.whiten(values, mask, Whitening.KEEP_MEAN, Variance.BESSEL),
        tokens(stats.get("whiten_keep_mean"), mask));
    double[] means = vector(stats.get("mean_axis1"));
    for (int s = 0; s < means.length; s++) {
      double mean = values.sums(mask)[s] / mask.count(s);
      assertThat(mean).isCloseTo(means[s], within(TOLERANCE));
    }
  }

  @Test
  void rewardsOnTheLastToken() throws Exception {
    JsonNode root = read("fixtures/rl/ppo.json");
    JsonNode inputs = root.get("inputs");
    CompletionMask mask = CompletionMask.ofLengths(lengths(root.get("mask")));
    TokenRewards rewards = TokenRewards.standard();
    TokenValues divergences =
        rewards.divergences(
            tokens(inputs.get("logprobs"), mask), tokens(inputs.get("ref_logprobs"), mask), mask);
    assertThat(root.get("v0_11_4").size()).isEqualTo(2);
    for (JsonNode c : root.get("v0_11_4")) {
      double beta = c.get("kl_coef").doubleValue();
      compare(divergences.map(kl -> -beta * kl), tokens(c.get("non_score_rewards"), mask));
      double[] scores = vector(inputs.get("scores"));
      TokenValues assembled = rewards.assemble(beta, divergences, scores, mask);
      compare(assembled, tokens(c.get("rewards"), mask));
      TokenValues values = tokens(inputs.get("values"), mask);
      Advantages plain = gae(c, Whitening.NONE, scores, mask, assembled, values);
      compare(plain.advantages(), tokens(c.get("gae_unwhitened"), mask));
      Advantages whitened = gae(c, Whitening.FULL, scores, mask, assembled, values);
      compare(whitened.advantages(), tokens(c.get("advantages_whitened"), mask));
      compare(whitened.returns().orElseThrow(), tokens(c.get("returns"), mask));
    }
  }

  private static Advantages gae(
      JsonNode c,
      Whitening whitening,
      double[] scores,
      CompletionMask mask,
      TokenValues rewards,
      TokenValues values) {
    Whitening ofRewards =
        c.get("whiten_rewards").booleanValue() ? Whitening.KEEP_MEAN : Whitening.NONE;
    return new GaeEstimator(
            c.get("gamma").doubleValue(),
            c.get("lam").doubleValue(),
            whitening,
            ofRewards,
            Variance.BESSEL)
        .estimate(
            AdvantageInput.of(
                    SequenceRewards.of(0, scores), Groups.consecutive(scores.length, 1), mask)
                .withTokenRewards(rewards)
                .withValues(values));
  }

  @Test
  void rewardsAfterTheEndToken() throws Exception {
    JsonNode root = read("fixtures/rl/ppo.json");
    JsonNode inputs = root.get("inputs");
    CompletionMask mask = CompletionMask.ofLengths(lengths(root.get("mask")));
    for (JsonNode c : root.get("v1_9_0")) {
      TokenRewards rewards =
          new TokenRewards(
              KlEstimator.valueOf(c.get("kl_estimator").asText().toUpperCase(Locale.ROOT)),
              ScorePlacement.AFTER_EOS,
              inputs.get("logprobs").get(0).size(),
              Double.POSITIVE_INFINITY,
              Double.POSITIVE_INFINITY);
      int[] steps = new int[mask.sequences()];
      for (int s = 0; s < steps.length; s++) {
        steps[s] = rewards.steps(mask.length(s));
        for (int t = 0; t < c.get("padding_mask_p1").get(s).size(); t++) {
          assertThat(t >= steps[s]).isEqualTo(c.get("padding_mask_p1").get(s).get(t).asBoolean());
        }
      }
      double[] scores = vector(inputs.get("scores"));
      TokenValues divergences =
          rewards.divergences(
              tokens(inputs.get("logprobs"), mask), tokens(inputs.get("ref_logprobs"), mask), mask);
      TokenValues assembled =
          rewards.assemble(c.get("kl_coef").doubleValue(), divergences, scores, mask);
      compare(assembled, tokens(c.get("rewards"), steps));
      Advantages advantages =
          gae(c, Whitening.FULL, scores, mask, assembled, tokens(inputs.get("values"), steps));
      compare(advantages.advantages(), tokens(c.get("advantages_whitened"), mask));
      compare(advantages.returns().orElseThrow(), tokens(c.get("returns"), steps));
      assertThat(advantages.valueMask().total()).isEqualTo(Arrays.stream(steps).sum());
    }
  }

  @Test
  void groupAdvantages() throws Exception {
    JsonNode root = read("fixtures/rl/grpo.json");
    JsonNode matrix = root.get("rewards_per_func");
    int sequences = matrix.size();
    int size = root.get("num_generations").intValue();
    assertThat(root.get("group_advantages").size()).isEqualTo(3);
    for (JsonNode c : root.get("group_advantages")) {
      assertThat(c.get("aggregation").asText()).isEqualTo("sum_then_normalize");
      List<RewardComponent> components = new ArrayList<>();
      for (int f = 0; f < c.get("reward_functions").intValue(); f++) {
        double[] column = new double[sequences];
        for (int s = 0; s < sequences; s++) {
          column[s] = matrix.get(s).get(f).doubleValue();
        }
        double weight = root.get("reward_weights").get(f).doubleValue();
        components.add(RewardComponent.of("f" + f, weight, column));
      }
      GroupRelativeEstimator.Scale scale =
          GroupRelativeEstimator.Scale.valueOf(
              c.get("scale_rewards").asText().toUpperCase(Locale.ROOT));
      AdvantageInput input =
          AdvantageInput.of(
              SequenceRewards.of(0, components),
              Groups.consecutive(sequences / size, size),
              ones(sequences));
      double[] actual = new GroupRelativeEstimator(scale, 1e-4).estimate(input).advantages().flat();
      assertThat(actual).containsExactly(vector(c.get("advantages")), within(TOLERANCE));
    }
  }

  private static CompletionMask ones(int sequences) {
    int[] lengths = new int[sequences];
    Arrays.fill(lengths, 1);
    return CompletionMask.ofLengths(lengths);
  }

  @Test
  void leaveOneOutAdvantages() throws Exception {
    JsonNode root = read("fixtures/rl/rloo.json");
    CompletionMask mask = CompletionMask.ofLengths(lengths(root.get("completion_mask")));
    int size = root.get("num_generations").intValue();
    TokenRewards rewards = TokenRewards.standard();
    TokenValues divergences =
        rewards.divergences(
            tokens(root.get("old_per_token_logps"), mask),
            tokens(root.get("ref_per_token_logps"), mask),
            mask);
    assertThat(root.get("advantages").size()).isEqualTo(3);
    for (JsonNode c : root.get("advantages")) {
      assertThat(c.get("reward_clip").isNull()).isTrue();
      SequenceRewards totals =
          SequenceRewards.of(0, vector(root.get("rewards")))
              .with(TokenRewards.penalty(c.get("beta").doubleValue(), divergences, mask));
      LeaveOneOutEstimator estimator =
          new LeaveOneOutEstimator(c.get("normalize").booleanValue(), 1e-4);
      TokenValues actual =
          estimator
              .estimate(
                  AdvantageInput.of(
                      totals, Groups.consecutive(mask.sequences() / size, size), mask))
              .advantages();
      compare(actual, TokenValues.broadcast(vector(c.get("advantages")), mask));
    }
  }
}
