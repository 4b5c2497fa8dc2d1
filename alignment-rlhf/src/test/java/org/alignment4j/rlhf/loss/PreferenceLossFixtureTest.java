package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import org.alignment4j.rlhf.SharedFiles;
import org.junit.jupiter.api.Test;

/** Losses, rewards and gradients against those of another implementation, in float64. */
class PreferenceLossFixtureTest {

  private static final double TOLERANCE = 1e-9;

  private static double[] doubles(JsonNode node) {
    double[] out = new double[node.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = node.get(i).doubleValue();
    }
    return out;
  }

  private static PreferenceLoss lossOf(JsonNode c) {
    double beta = c.get("beta").doubleValue();
    double smoothing = c.get("label_smoothing").doubleValue();
    return switch (c.get("loss_type").asText()) {
      case "sigmoid" -> PreferenceLoss.conservativeDpo(beta, smoothing);
      case "hinge" -> PreferenceLoss.hinge(beta);
      case "ipo" -> new IpoLoss(beta, IpoLoss.Ratios.SUMMED);
      default -> throw new AssertionError("unknown case " + c.get("loss_type"));
    };
  }

  private static void compare(double[] actual, JsonNode expected) {
    assertThat(actual).containsExactly(doubles(expected), within(TOLERANCE));
  }

  @Test
  void everyCase() throws Exception {
    JsonNode root =
        new ObjectMapper().readTree(Files.readString(SharedFiles.require("fixtures/rl/dpo.json")));
    assertThat(root.get("cases").size()).isGreaterThanOrEqualTo(5);
    for (JsonNode c : root.get("cases")) {
      PreferenceLossValues values =
          PreferenceLosses.evaluate(
              lossOf(c),
              doubles(root.get("policy_chosen_logps")),
              doubles(root.get("policy_rejected_logps")),
              doubles(root.get("ref_chosen_logps")),
              doubles(root.get("ref_rejected_logps")));
      compare(values.losses(), c.get("losses"));
      assertThat(values.loss()).isCloseTo(c.get("loss").doubleValue(), within(TOLERANCE));
      compare(values.chosenRewards(), c.get("chosen_rewards"));
      compare(values.rejectedRewards(), c.get("rejected_rewards"));
      compare(values.chosenGradients(), c.get("grad_chosen"));
      compare(values.rejectedGradients(), c.get("grad_rejected"));
    }
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> PreferenceLoss.dpo(-0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("beta must be positive and finite but was -0.1");
    assertThatThrownBy(() -> PreferenceLoss.conservativeDpo(0.1, 0.5))
        .hasMessage("labelSmoothing must be in [0, 0.5) but was 0.5");
    assertThatThrownBy(() -> PreferenceLoss.robustDpo(0.1, Double.NaN))
        .hasMessage("flipProbability must be in [0, 0.5) but was NaN");
    assertThatThrownBy(
            () ->
                PreferenceLosses.evaluate(
                    PreferenceLoss.dpo(1),
                    new double[2],
                    new double[3],
                    new double[2],
                    new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("equally long");
  }
}
