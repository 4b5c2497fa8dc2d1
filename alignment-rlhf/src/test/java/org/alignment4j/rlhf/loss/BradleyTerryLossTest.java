package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.Arrays;
import org.alignment4j.rlhf.SharedFiles;
import org.junit.jupiter.api.Test;

/** The pairwise reward loss against numbers of another implementation, and its limits. */
class BradleyTerryLossTest {

  private static final double TOLERANCE = 1e-9;

  private static double[] doubles(JsonNode node) {
    double[] out = new double[node.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = node.get(i).doubleValue();
    }
    return out;
  }

  static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void everyCaseOfTheFixture() throws Exception {
    JsonNode root =
        new ObjectMapper()
            .readTree(Files.readString(SharedFiles.require("fixtures/rl/reward_model.json")));
    assertThat(root.get("cases").size()).isGreaterThanOrEqualTo(2);
    for (JsonNode c : root.get("cases")) {
      double[] chosen = doubles(c.get("scores_chosen"));
      int n = chosen.length;
      boolean plain = c.get("margin").isNull();
      JsonNode centering = c.get("center_rewards_coefficient");
      RewardLossValues values =
          RewardLosses.evaluate(
              new BradleyTerryLoss(1, centering.isNull() ? 0 : centering.doubleValue()),
              chosen,
              doubles(c.get("scores_rejected")),
              plain ? new double[n] : doubles(c.get("margin")),
              ones(n));
      assertThat(values.loss()).isCloseTo(c.get("loss").doubleValue(), within(TOLERANCE));
      assertThat(values.chosenGradients())
          .containsExactly(doubles(c.get("grad_chosen")), within(TOLERANCE));
      assertThat(values.rejectedGradients())
          .containsExactly(doubles(c.get("grad_rejected")), within(TOLERANCE));
    }
  }

  @Test
  void extremeRewardsStayFinite() {
    double[] far = {1e6, -1e6};
    RewardLossValues values =
        RewardLosses.evaluate(
            BradleyTerryLoss.standard(), far, new double[2], new double[2], ones(2));
    assertThat(values.losses()).containsExactly(new double[] {0, 1e6}, within(1e-9));
    assertThat(values.chosenGradients()).containsExactly(new double[] {0, -0.5}, within(1e-12));
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new BradleyTerryLoss(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("marginScale must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> new BradleyTerryLoss(0, Double.NaN))
        .hasMessage("centering must be finite and not negative but was NaN");
    assertThatThrownBy(
            () ->
                RewardLosses.evaluate(
                    BradleyTerryLoss.standard(), ones(2), ones(2), ones(3), ones(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("equally long");
  }
}
