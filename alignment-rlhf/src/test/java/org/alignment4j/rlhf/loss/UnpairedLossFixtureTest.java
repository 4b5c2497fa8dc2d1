package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.alignment4j.rlhf.SharedFiles;
import org.junit.jupiter.api.Test;

/** Losses, rewards, reference points and gradients against another implementation, in float64. */
class UnpairedLossFixtureTest {

  private static final double TOLERANCE = 1e-9;

  private static double[] doubles(JsonNode node) {
    double[] out = new double[node.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = node.get(i).doubleValue();
    }
    return out;
  }

  private static double[] both(JsonNode root, String first, String second) {
    return DoubleStream.concat(
            Arrays.stream(doubles(root.get(first))), Arrays.stream(doubles(root.get(second))))
        .toArray();
  }

  @Test
  void everyCase() throws Exception {
    JsonNode root =
        new ObjectMapper().readTree(Files.readString(SharedFiles.require("fixtures/rl/kto.json")));
    assertThat(root.get("cases").size()).isGreaterThanOrEqualTo(3);
    boolean[] desirable = {true, true, true, true, false, false, false};
    for (JsonNode c : root.get("cases")) {
      KtoLoss loss =
          UnpairedLoss.kto(
              c.get("beta").doubleValue(),
              c.get("desirable_weight").doubleValue(),
              c.get("undesirable_weight").doubleValue());
      double z0 =
          UnpairedLosses.mismatchedKl(doubles(root.get("policy_KL")), doubles(c.get("ref_KL")));
      assertThat(z0).isCloseTo(c.get("kl").doubleValue(), within(TOLERANCE));
      UnpairedLossValues values =
          UnpairedLosses.evaluate(
              loss,
              both(root, "policy_chosen", "policy_rejected"),
              both(root, "ref_chosen", "ref_rejected"),
              desirable,
              z0);
      assertThat(values.losses())
          .containsExactly(doubles(c.get("losses_chosen_then_rejected")), within(TOLERANCE));
      assertThat(values.loss()).isCloseTo(c.get("loss").doubleValue(), within(TOLERANCE));
      assertThat(values.rewards())
          .containsExactly(both(c, "chosen_rewards", "rejected_rewards"), within(TOLERANCE));
      if (c.has("grad_chosen")) {
        assertThat(values.gradients())
            .containsExactly(both(c, "grad_chosen", "grad_rejected"), within(TOLERANCE));
      }
    }
  }

  @Test
  void settingsAndInputsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> UnpairedLoss.kto(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("beta must be positive and finite but was 0.0");
    assertThatThrownBy(() -> UnpairedLoss.kto(1, -1, 1))
        .hasMessage("desirableWeight must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> new BcoLoss(1, 1, Double.NaN))
        .hasMessage("undesirableWeight must be finite and not negative but was NaN");
    UnpairedLoss loss = UnpairedLoss.kto(1);
    boolean[] labels = {true, false};
    assertThatThrownBy(
            () ->
                UnpairedLosses.evaluate(
                    loss, new double[] {-1, 1}, new double[] {-1, -1}, labels, 0))
        .hasMessageContaining("policy[1]");
    assertThatThrownBy(() -> UnpairedLosses.evaluate(loss, new double[3], new double[3], labels, 0))
        .hasMessageContaining("equally long");
    assertThatThrownBy(
            () ->
                UnpairedLosses.evaluate(
                    loss, new double[2], new double[2], labels, Double.POSITIVE_INFINITY))
        .hasMessageContaining("referencePoint[0]");
    assertThatThrownBy(() -> UnpairedLosses.mismatchedKl(new double[0], new double[0]))
        .hasMessageContaining("not empty");
  }
}
