package org.alignment4j.rlhf.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.policy.KlPenalty.Gradient;
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
  private static double[] expected(KlEstimator estimator, Gradient gradient) {
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
    var losses =
        gradient == Gradient.ESTIMATOR
            ? KlPenalty.estimates(graph.ops(), estimator, tokens)
            : new KlPenalty(estimator, 1, gradient)
                .estimates(graph.ops(), tokens, Ratios.ofTokens(graph.ops(), tokens));
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
    assertThat(expected(KlEstimator.K1, Gradient.ESTIMATOR))
        .containsExactly(new double[P.length], within(1e-15));
  }

  @Test
  void k2HasTheGradientOfTheDivergenceFromTheReference() {
    assertThat(expected(KlEstimator.K2, Gradient.ESTIMATOR))
        .containsExactly(reverse(), within(1e-14));
  }

  @Test
  void k3HasTheGradientOfTheDivergenceOfTheReference() {
    double[] forward = new double[P.length];
    for (int k = 0; k < P.length; k++) {
      forward[k] = P[k] - Q[k];
    }
    assertThat(expected(KlEstimator.K3, Gradient.ESTIMATOR))
        .containsExactly(forward, within(1e-14));
  }

  @Test
  void theRatioCorrectsK1AndK3() {
    assertThat(expected(KlEstimator.K1, Gradient.BIAS_CORRECTED))
        .containsExactly(reverse(), within(1e-14));
    assertThat(expected(KlEstimator.K3, Gradient.BIAS_CORRECTED))
        .containsExactly(reverse(), within(1e-14));
  }

  /** The gradient by the logits of p, by central differences. */
  private static double[] differences(ToDoubleFunction<double[]> ofDistribution) {
    double step = 1e-5;
    double[] gradient = new double[P.length];
    for (int k = 0; k < P.length; k++) {
      double[] logits = logs(P);
      logits[k] += step;
      double above = ofDistribution.applyAsDouble(softmax(logits));
      logits[k] -= 2 * step;
      gradient[k] = (above - ofDistribution.applyAsDouble(softmax(logits))) / (2 * step);
    }
    return gradient;
  }

  private static double[] softmax(double[] logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(z -> Math.exp(z) / sum).toArray();
  }

  @Test
  void absoluteK1HasTheGradientOfTwiceTheTotalVariation() {
    double[] variation =
        differences(
            p -> {
              double sum = 0;
              for (int v = 0; v < p.length; v++) {
                sum += Math.abs(p[v] - Q[v]);
              }
              return sum;
            });
    assertThat(expected(KlEstimator.ABSOLUTE_K1, Gradient.ESTIMATOR))
        .containsExactly(variation, within(1e-9));
  }

  @Test
  void theRatioGivesAbsoluteK1TheGradientOfItsOwnMean() {
    double[] mean =
        differences(
            p -> {
              double sum = 0;
              for (int v = 0; v < p.length; v++) {
                sum += p[v] * Math.abs(Math.log(p[v] / Q[v]));
              }
              return sum;
            });
    assertThat(expected(KlEstimator.ABSOLUTE_K1, Gradient.BIAS_CORRECTED))
        .containsExactly(mean, within(1e-9));
  }

  @Test
  void straightThroughHasTheValueOfItsEstimatorAndTheGradientOfTheDivergence() {
    double[] divergence =
        differences(
            p -> {
              double sum = 0;
              for (int v = 0; v < p.length; v++) {
                sum += p[v] * Math.log(p[v] / Q[v]);
              }
              return sum;
            });
    PolicyBatch batch =
        PolicyBatch.of(logs(P), logs(P), new double[P.length], P.length).withReference(logs(Q));
    for (KlEstimator estimator : KlEstimator.values()) {
      assertThat(expected(estimator, Gradient.STRAIGHT_THROUGH))
          .as(estimator.toString())
          .containsExactly(divergence, within(1e-9))
          .containsExactly(reverse(), within(1e-14));
      double[] losses =
          PolicyLosses.evaluate(
                  PolicyLoss.reinforce()
                      .withKl(new KlPenalty(estimator, 2, Gradient.STRAIGHT_THROUGH)),
                  batch)
              .losses();
      for (int v = 0; v < P.length; v++) {
        assertThat(losses[v])
            .as(estimator.toString())
            .isCloseTo(2 * estimator.value(Math.log(P[v]), Math.log(Q[v])), within(1e-14));
      }
    }
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
