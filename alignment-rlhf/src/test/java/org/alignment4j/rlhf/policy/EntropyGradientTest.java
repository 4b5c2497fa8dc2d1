package org.alignment4j.rlhf.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The expected gradient of the bonus by enumeration: every outcome is one sample. */
class EntropyGradientTest {

  private static final double[] P = {0.1, 0.2, 0.4, 0.25, 0.05};
  private static final double[] Q = {0.3, 0.1, 0.2, 0.15, 0.25};
  private static final double C = 0.7;

  private static double[] logs(double[] p) {
    return Arrays.stream(p).map(Math::log).toArray();
  }

  /** The expected gradient of the loss by the policy's logits where another one samples. */
  private static double[] expected(double[] sampler) {
    int n = P.length;
    int[] lengths = new int[n];
    Arrays.fill(lengths, 1);
    PolicyBatch batch =
        PolicyBatch.of(logs(P), logs(sampler), new double[n], lengths).withWeights(sampler);
    double[] byLogProb = PolicyLosses.evaluate(PolicyLoss.ppo().withEntropy(C), batch).gradients();
    double sum = Arrays.stream(byLogProb).sum();
    double[] byLogit = new double[n];
    for (int k = 0; k < n; k++) {
      byLogit[k] = byLogProb[k] - P[k] * sum;
    }
    return byLogit;
  }

  /** That of {@code −c·H}, whoever samples. */
  @Test
  void isThatOfTheEntropy() {
    double entropy = 0;
    for (double p : P) {
      entropy -= p * Math.log(p);
    }
    double[] wanted = new double[P.length];
    for (int k = 0; k < wanted.length; k++) {
      wanted[k] = C * P[k] * (Math.log(P[k]) + entropy);
    }
    assertThat(expected(P)).containsExactly(wanted, within(1e-14));
    assertThat(expected(Q)).containsExactly(wanted, within(1e-14));
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> PolicyLoss.ppo().withEntropy(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("coefficient must be positive");
    assertThatThrownBy(() -> PolicyLoss.ppo().withEntropy(1).withEntropy(1))
        .hasMessageContaining("without a bonus for entropy");
    assertThatThrownBy(() -> PolicyLoss.grpo(0.1).withEntropy(1).withKl(KlPenalty.k3(0.1)))
        .hasMessageContaining("without a penalty on divergence");
  }
}
