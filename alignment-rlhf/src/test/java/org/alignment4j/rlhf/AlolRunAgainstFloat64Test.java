package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RatedExample;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;

/**
 * Whole runs of every method against the same run written out in float64: log-probabilities of
 * tokens, ratios held fixed while gradients are taken by central differences, and descent.
 */
class AlolRunAgainstFloat64Test {

  private static final int VOCAB = 13;
  private static final int HIDDEN = 8;
  private static final double RATE = 0.02;
  private static final double[] WEIGHTS = {0.5, 1.5, 0.25, 2, 1};
  private static final EncodingReport REPORT = new EncodingReport(5, 5, 0, 0, 0, List.of());

  private static final List<RatedExample> EXAMPLES =
      List.of(
          new RatedExample(0, TokenIds.of(1, 2, 3), TokenIds.of(4, 5), 1),
          new RatedExample(1, TokenIds.of(7), TokenIds.of(8), 2),
          new RatedExample(2, TokenIds.of(3, 3), TokenIds.of(4, 1, 6), 1),
          new RatedExample(3, TokenIds.of(7), TokenIds.of(12, 2), 3),
          new RatedExample(4, TokenIds.of(11, 5), TokenIds.of(1), 2));

  private final ConfigJson config = TestModels.config("llama", VOCAB, HIDDEN, 1, 16);
  private final Weights weights = TestModels.weights(config, 0.4);
  private final Epochs epochs = new Epochs(EXAMPLES.size(), 3, 2, 5);

  private enum Kind {
    ALOL(AlolMethod.alol()),
    SEQUENCE(AlolMethod.alolSequence()),
    FREE(AlolMethod.referenceFree()),
    KL(AlolMethod.kl(0.3)),
    GOLD(AlolMethod.gold());

    private final AlolMethod method;

    Kind(AlolMethod method) {
      this.method = method;
    }
  }

  private static double[] tokens(Float64Decoder model, RatedExample e) {
    double[] logProbs = new double[e.answer().size()];
    for (int t = 0; t < logProbs.length; t++) {
      TokenIds before = e.prompt().concat(e.answer().slice(0, t));
      logProbs[t] = model.logProb(before, e.answer().slice(t, t + 1));
    }
    return logProbs;
  }

  /** What multiplies the negative log-probability of each token, apart from the weight. */
  private static double[] factors(Kind kind, double[] policy, double[] reference) {
    double[] factors = new double[policy.length];
    double whole = 0;
    for (int t = 0; t < policy.length; t++) {
      whole += policy[t] - reference[t];
    }
    for (int t = 0; t < policy.length; t++) {
      factors[t] =
          switch (kind) {
            case ALOL -> Math.min(1.9, Math.max(0.1, Math.exp(whole)));
            case SEQUENCE -> Math.min(1.9, Math.max(0.1, Math.exp(policy[t] - reference[t])));
            case FREE, KL -> 1;
            case GOLD -> Math.max(0.1, Math.exp(policy[t]));
          };
    }
    return factors;
  }

  private static double loss(
      Kind kind,
      Float64Decoder model,
      Float64Decoder frozen,
      List<Integer> batch,
      List<double[]> factors) {
    double sum = 0;
    for (int b = 0; b < batch.size(); b++) {
      RatedExample e = EXAMPLES.get(batch.get(b));
      double[] policy = tokens(model, e);
      double[] reference = tokens(frozen, e);
      for (int t = 0; t < policy.length; t++) {
        sum -= WEIGHTS[batch.get(b)] * factors.get(b)[t] * policy[t];
        if (kind == Kind.KL) {
          sum += 0.3 * (policy[t] - reference[t]) / policy.length;
        }
      }
    }
    return sum / batch.size();
  }

  private void compare(Kind kind, AlolSampling sampling, RowPlan plan) {
    Float64Decoder frozen = new Float64Decoder("llama", VOCAB, HIDDEN, 1, weights);
    Float64Decoder model = new Float64Decoder("llama", VOCAB, HIDDEN, 1, weights);
    List<Double> expected = new ArrayList<>();
    for (long step = 1; step <= epochs.steps(); step++) {
      List<Integer> batch = sampling.batch(epochs, WEIGHTS, step);
      List<double[]> factors = new ArrayList<>();
      for (int i : batch) {
        factors.add(factors(kind, tokens(model, EXAMPLES.get(i)), tokens(frozen, EXAMPLES.get(i))));
      }
      expected.add(loss(kind, model, frozen, batch, factors));
      Float64Descent.step(model, RATE, m -> loss(kind, m, frozen, batch, factors));
    }
    try (DecoderModel base = TestModels.of(config, weights)) {
      AlolReference reference =
          kind.method.loss().needsReference()
              ? new AlolReference(base, EXAMPLES, plan, CancellationToken.none(), null)
              : null;
      FineTuningResult result =
          new TrainingRun("run", base, Float64Descent.options(RATE))
              .train(
                  new AlolObjective(kind.method.loss()),
                  new AlolSource(EXAMPLES, WEIGHTS, reference, sampling, plan, epochs),
                  REPORT);
      try (DecoderModel trained = result.model()) {
        for (int t = 0; t < expected.size(); t++) {
          assertThat(result.metrics().get(t).values().get("loss"))
              .as("%s, update %s", kind, t)
              .isCloseTo(expected.get(t), within(1e-3));
        }
        assertThat(Float64Descent.distance(trained.weights(), model))
            .as(kind.name())
            .isLessThan(0.005 * Float64Descent.distance(weights, model));
      }
    }
  }

  @Test
  void everyMethodInOneMicroBatchAndInMany() {
    for (Kind kind : Kind.values()) {
      compare(kind, AlolSampling.UNIFORM, new RowPlan(64, 4));
      compare(kind, AlolSampling.PROPORTIONAL, new RowPlan(7, 1));
    }
  }

  @Test
  void methodsOfRewardsAreThoseOfAdvantagesWithAnotherWeight() {
    assertThat(AlolMethod.rlol().loss()).isEqualTo(AlolMethod.alol().loss());
    assertThat(AlolMethod.weightedCloning().loss()).isEqualTo(AlolMethod.referenceFree().loss());
    for (AlolMethod method :
        List.of(AlolMethod.rlol(), AlolMethod.gold(), AlolMethod.weightedCloning())) {
      assertThat(method.weight()).isEqualTo(AlolMethod.Weight.REWARD);
    }
  }
}
