package org.alignment4j.rlhf.policy;

import static org.alignment4j.rlhf.ReferenceNumbers.lengths;
import static org.alignment4j.rlhf.ReferenceNumbers.read;
import static org.alignment4j.rlhf.ReferenceNumbers.tokens;
import static org.alignment4j.rlhf.ReferenceNumbers.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.junit.jupiter.api.Test;

/** Losses, metrics and gradients against those of TRL, in float64. */
class PolicyFixtureTest {

  private static final double TOLERANCE = 1e-9;

  /** Metrics of the reference passed through float32. */
  private static final double SINGLE = 1e-6;

  private static double number(JsonNode c, String key) {
    return c.get(key).doubleValue();
  }

  private static void compare(double[] actual, TokenValues expected) {
    assertThat(actual).containsExactly(expected.flat(), within(TOLERANCE));
  }

  @Test
  void ppoOfVersion0() throws Exception {
    JsonNode root = read("fixtures/rl/ppo.json");
    JsonNode inputs = root.get("inputs");
    int[] lengths = lengths(root.get("mask"));
    assertThat(root.get("v0_11_4").size()).isEqualTo(2);
    for (JsonNode c : root.get("v0_11_4")) {
      double epsilon = number(c, "cliprange");
      PolicyBatch batch =
          PolicyBatch.of(
              tokens(c.get("new_logprobs"), lengths).flat(),
              tokens(inputs.get("logprobs"), lengths).flat(),
              tokens(c.get("advantages_whitened"), lengths).flat(),
              lengths);
      LossValues policy = PolicyLosses.evaluate(PolicyLoss.ppo(epsilon, epsilon), batch);
      JsonNode stats = c.get("stats");
      assertThat(policy.loss()).isCloseTo(number(c, "pg_loss"), within(TOLERANCE));
      compare(policy.gradients(), tokens(c.get("grad_new_logprobs"), lengths));
      assertThat(policy.metric("clip_ratio/region_mean"))
          .isCloseTo(number(stats, "policy/clipfrac"), within(SINGLE));
      assertThat(policy.metric("approx_kl"))
          .isCloseTo(number(stats, "policy/approxkl"), within(SINGLE));
      assertThat(policy.metrics().get("ratio"))
          .containsExactly(tokens(stats.get("policy/ratio"), lengths).flat(), within(SINGLE));

      double coefficient = number(c, "vf_coef");
      double[] weights = new double[batch.policy().length];
      Arrays.fill(weights, coefficient / weights.length);
      LossValues value =
          PolicyLosses.evaluate(
              new ClippedValueLoss(number(c, "cliprange_value")),
              tokens(c.get("vpreds"), lengths).flat(),
              tokens(inputs.get("values"), lengths).flat(),
              tokens(c.get("returns"), lengths).flat(),
              weights);
      assertThat(value.loss()).isCloseTo(number(c, "vf_coef_times_vf_loss"), within(TOLERANCE));
      compare(value.gradients(), tokens(c.get("grad_vpreds"), lengths));
      assertThat(value.metric("value/clip_ratio"))
          .isCloseTo(number(stats, "val/clipfrac"), within(SINGLE));
      assertThat(value.metric("value/error")).isCloseTo(number(stats, "val/error"), within(SINGLE));
    }
  }

  @Test
  void ppoOfVersion1() throws Exception {
    JsonNode root = read("fixtures/rl/ppo.json");
    JsonNode inputs = root.get("inputs");
    int[] lengths = lengths(root.get("mask"));
    for (JsonNode c : root.get("v1_9_0")) {
      int[] steps = new int[lengths.length];
      for (int s = 0; s < steps.length; s++) {
        for (JsonNode padding : c.get("padding_mask_p1").get(s)) {
          steps[s] += padding.asBoolean() ? 0 : 1;
        }
      }
      PolicyBatch batch =
          PolicyBatch.of(
              tokens(c.get("new_logprobs"), lengths).flat(),
              tokens(inputs.get("logprobs"), lengths).flat(),
              tokens(c.get("advantages_whitened"), lengths).flat(),
              lengths);
      LossValues policy = PolicyLosses.evaluate(PolicyLoss.ppo(), batch);
      assertThat(policy.loss()).isCloseTo(number(c, "pg_loss"), within(TOLERANCE));
      compare(policy.gradients(), tokens(c.get("grad_new_logprobs"), lengths));

      double[] weights = new double[Arrays.stream(steps).sum()];
      Arrays.fill(weights, 1.0 / weights.length);
      double[] values = tokens(c.get("vpreds"), steps).flat();
      double[] old = tokens(inputs.get("values"), steps).flat();
      double[] returns = tokens(c.get("returns"), steps).flat();
      LossValues value = PolicyLosses.evaluate(ValueLoss.ppo(), values, old, returns, weights);
      assertThat(value.loss()).isCloseTo(number(c, "vf_loss"), within(TOLERANCE));
      assertThat(policy.loss() + 0.1 * value.loss())
          .isCloseTo(number(c, "loss"), within(TOLERANCE));
      double[] scaled = Arrays.stream(weights).map(w -> 0.1 * w).toArray();
      compare(
          PolicyLosses.evaluate(ValueLoss.ppo(), values, old, returns, scaled).gradients(),
          tokens(c.get("grad_vpreds"), steps));
    }
  }

  @Test
  void grpo() throws Exception {
    JsonNode root = read("fixtures/rl/grpo.json");
    int[] lengths = lengths(root.get("completion_mask"));
    CompletionMask mask = CompletionMask.ofLengths(lengths);
    assertThat(root.get("cases").size()).isEqualTo(3);
    for (JsonNode c : root.get("cases")) {
      assertThat(c.get("loss_type").asText()).isEqualTo("grpo");
      double beta = number(c, "beta");
      PolicyLoss clip = PolicyLoss.ppo(number(c, "epsilon_low"), number(c, "epsilon_high"));
      PolicyLoss loss = beta == 0 ? clip : clip.withKl(KlPenalty.k3(beta));
      PolicyBatch batch =
          PolicyBatch.of(
                  tokens(root.get("per_token_logps"), lengths).flat(),
                  tokens(root.get("old_per_token_logps"), lengths).flat(),
                  TokenValues.broadcast(vector(root.get("loss_advantages")), mask).flat(),
                  lengths)
              .withReference(tokens(root.get("ref_per_token_logps"), lengths).flat())
              .withWeights(TokenWeights.sequenceMean().weights(mask).flat());
      LossValues values = PolicyLosses.evaluate(loss, batch);
      assertThat(values.loss()).isCloseTo(number(c, "loss"), within(TOLERANCE));
      compare(values.gradients(), tokens(c.get("grad"), lengths));
      for (String metric :
          new String[] {"clip_ratio/low_mean", "clip_ratio/high_mean", "clip_ratio/region_mean"}) {
        assertThat(values.metric(metric))
            .isCloseTo(number(c.get("metrics"), metric), within(SINGLE));
      }
      if (beta != 0) {
        assertThat(values.metric("kl_per_token"))
            .isCloseTo(number(c.get("metrics"), "kl"), within(SINGLE));
      }
    }
  }
}
