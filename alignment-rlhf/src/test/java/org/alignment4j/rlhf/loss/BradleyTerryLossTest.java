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

  /** An even label tells no side, however clear the preference is said to be. */
  @Test
  void evenLabelsHaveNoSide() {
    for (double margin : new double[] {2, -2}) {
      double[] chosen = {0.5, -0.5, 0};
      double[] m = {margin, margin, margin};
      double[] even = {0.5, 0.5, 0.5};
      RewardLossValues values =
          RewardLosses.evaluate(BradleyTerryLoss.standard(), chosen, new double[3], m, even);
      assertThat(values.losses()[0]).isCloseTo(values.losses()[1], within(1e-12));
      assertThat(values.losses()[2]).isLessThan(values.losses()[0]);
      assertThat(values.chosenGradients()[2]).isCloseTo(0, within(1e-12));
    }
  }

  /** The loss is the expectation over which answer is better, of the loss with margin. */
  @Test
  void uncertainLabelsGiveTheExpectedLossWithMargin() {
    BradleyTerryLoss loss = new BradleyTerryLoss(0.8, 0);
    double[] r = {1.2};
    double[] s = {0.3};
    double[] m = {1.5};
    double right = RewardLosses.evaluate(loss, r, s, m, ones(1)).loss();
    double wrong = RewardLosses.evaluate(loss, s, r, m, ones(1)).loss();
    assertThat(right).isCloseTo(Math.log1p(Math.exp(-(0.9 - 1.2))), within(1e-12));
    assertThat(wrong).isCloseTo(Math.log1p(Math.exp(0.9 + 1.2)), within(1e-12));
    for (double p : new double[] {0.5, 0.50001, 0.8, 1}) {
      assertThat(RewardLosses.evaluate(loss, r, s, m, new double[] {p}).loss())
          .isCloseTo(p * right + (1 - p) * wrong, within(1e-12));
    }
  }

  @Test
  void impossibleNumbersAreNamed() {
    BradleyTerryLoss loss = BradleyTerryLoss.standard();
    double[] two = ones(2);
    double[] bad = {1, Double.NaN};
    assertThatThrownBy(() -> RewardLosses.evaluate(loss, bad, two, two, two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chosen[1] must be a finite number but was NaN");
    double[] infinite = {Double.NEGATIVE_INFINITY, 0};
    assertThatThrownBy(() -> RewardLosses.evaluate(loss, two, infinite, two, two))
        .hasMessage("rejected[0] must be a finite number but was -Infinity");
    assertThatThrownBy(() -> RewardLosses.evaluate(loss, two, two, bad, two))
        .hasMessage("margins[1] must be a finite number but was NaN");
    for (double p : new double[] {-0.1, 1.5, Double.NaN}) {
      double[] probabilities = {p, 1};
      assertThatThrownBy(() -> RewardLosses.evaluate(loss, two, two, two, probabilities))
          .hasMessage("probabilities[0] must be in [0, 1] but was " + p);
    }
  }
}
