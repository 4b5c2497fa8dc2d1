package org.alignment4j.rlhf.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.junit.jupiter.api.Test;

/**
 * Expected gradients of penalties by enumeration: every outcome of a small distribution is one
 * sample, weighted by its probability.
 */
class KlPenaltyGradientTest {

  private static final double[] P = {0.1, 0.2, 0.4, 0.25, 0.05};
  private static final double[] Q = {0.3, 0.1, 0.2, 0.15, 0.25};

  private static double[] logs(double[] p) {
    return Arrays.stream(p).map(Math::log).toArray();
  }

  /** The expected gradient by the logits of the policy. */
  private static double[] expected(KlEstimator estimator, boolean corrected) {
    EvaluationGraph graph = new EvaluationGraph();
    int n = P.length;
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    double[] matrix = new double[n * n];
    for (int v = 0; v < n; v++) {
      matrix[v * n + v] = 1;
    }
    var policy = graph.input("policy", logs(P), true, n);
    PolicyTokens tokens =
        new PolicyTokens(
            policy,
            graph.input("old", logs(P), false, n),
            graph.input("reference", logs(Q), false, n),
            graph.input("advantages", ones, false, n),
            graph.input("corrections", ones, false, n),
            graph.input("sequences", matrix, false, n, n),
            graph.input("lengths", ones, false, n));
    var estimates = KlPenalty.estimates(graph.ops(), estimator, tokens);
    var losses =
        corrected ? graph.ops().mul(estimates, Ratios.ofTokens(graph.ops(), tokens)) : estimates;
    double[] byLogProb =
        graph
            .evaluate(new LossTerms(losses, Map.of()), graph.input("weights", P, false, n), policy)
            .gradients();
    double sum = Arrays.stream(byLogProb).sum();
    double[] byLogit = new double[n];
    for (int k = 0; k < n; k++) {
      byLogit[k] = byLogProb[k] - P[k] * sum;
    }
    return byLogit;
  }

  /** The gradient of KL(p‖q) by the logits of p. */
  private static double[] reverse() {
    double kl = 0;
    for (int v = 0; v < P.length; v++) {
      kl += P[v] * Math.log(P[v] / Q[v]);
    }
    double[] gradient = new double[P.length];
    for (int k = 0; k < P.length; k++) {
      gradient[k] = P[k] * (Math.log(P[k] / Q[k]) - kl);
    }
    return gradient;
  }

  @Test
  void k1PullsNowhere() {
    assertThat(expected(KlEstimator.K1, false))
        .containsExactly(new double[P.length], within(1e-15));
  }

  @Test
  void k2HasTheGradientOfTheDivergenceFromTheReference() {
    assertThat(expected(KlEstimator.K2, false)).containsExactly(reverse(), within(1e-14));
  }

  @Test
  void k3HasTheGradientOfTheDivergenceOfTheReference() {
    double[] forward = new double[P.length];
    for (int k = 0; k < P.length; k++) {
      forward[k] = P[k] - Q[k];
    }
    assertThat(expected(KlEstimator.K3, false)).containsExactly(forward, within(1e-14));
  }

  @Test
  void theRatioCorrectsK1AndK3() {
    assertThat(expected(KlEstimator.K1, true)).containsExactly(reverse(), within(1e-14));
    assertThat(expected(KlEstimator.K3, true)).containsExactly(reverse(), within(1e-14));
  }

  @Test
  void k3KeepsItsDigitsAndItsSign() {
    double tiny = 1e-7;
    PolicyBatch close =
        PolicyBatch.of(new double[] {-1}, new double[] {-1}, new double[] {0}, 1)
            .withReference(new double[] {-1 + tiny});
    PolicyLoss loss = PolicyLoss.reinforce().withKl(KlPenalty.k3(1));
    LossValues values = PolicyLosses.evaluate(loss, close);
    assertThat(values.loss()).isBetween(0.0, tiny * tiny);
    assertThat(values.gradients()[0]).isCloseTo(-tiny, within(1e-13));
    double[] gradients = new double[3];
    double[] differences = {19.9, 25, -25};
    for (int i = 0; i < 3; i++) {
      gradients[i] =
          PolicyLosses.evaluate(loss, close.withReference(new double[] {-1 + differences[i]}))
              .gradients()[0];
    }
    assertThat(gradients[0]).isCloseTo(1 - Math.exp(19.9), within(1e-3));
    assertThat(gradients[1]).as("flat, never of the wrong sign").isZero();
    assertThat(gradients[2]).isCloseTo(1, within(1e-9));
  }
}
