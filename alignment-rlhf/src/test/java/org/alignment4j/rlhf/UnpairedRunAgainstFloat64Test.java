package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.MismatchedAnswers;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.UnpairedExample;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.SgdConfig;
import org.junit.jupiter.api.Test;

/**
 * Whole runs over single answers against the same run written out in float64: the model's forward
 * pass, the mismatched answers, the reference point, gradients by central differences and descent.
 */
class UnpairedRunAgainstFloat64Test {

  private static final int VOCAB = 13;
  private static final int HIDDEN = 8;
  private static final double RATE = 0.05;
  private static final double BETA = 0.5;
  private static final double[] EQUAL = {1, 1, 1, 1, 1};
  private static final double[] RATIOS = {1, 3.5, 1, 1, 0.5};
  private static final EncodingReport REPORT = new EncodingReport(5, 5, 0, 0, 0, List.of());

  private static final List<UnpairedExample> EXAMPLES =
      List.of(
          new UnpairedExample(0, TokenIds.of(1, 2, 3), TokenIds.of(4, 5), true),
          new UnpairedExample(1, TokenIds.of(7), TokenIds.of(8), false),
          new UnpairedExample(2, TokenIds.of(3, 3), TokenIds.of(4, 1, 6), true),
          // the prompt of another example
          new UnpairedExample(3, TokenIds.of(7), TokenIds.of(12, 2), true),
          new UnpairedExample(4, TokenIds.of(11, 5), TokenIds.of(1), false));

  private final ConfigJson config = TestModels.config("llama", VOCAB, HIDDEN, 1, 16);
  private final Weights weights = TestModels.weights(config, 0.4);
  private final Epochs epochs = new Epochs(EXAMPLES.size(), 3, 2, 5);

  private Float64Decoder float64() {
    return new Float64Decoder("llama", VOCAB, HIDDEN, 1, weights);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** The mean loss of a batch as the papers write it, given its reference point. */
  private static double loss(
      UnpairedLoss kind,
      Float64Decoder model,
      Float64Decoder frozen,
      List<Integer> batch,
      double z,
      double[] weights) {
    double sum = 0;
    for (int i : batch) {
      UnpairedExample e = EXAMPLES.get(i);
      double ratio = model.logProb(e.prompt(), e.answer()) - frozen.logProb(e.prompt(), e.answer());
      double sign = e.desirable() ? 1 : -1;
      sum +=
          weights[i]
              * switch (kind.referencePoint()) {
                case NONE -> 1 - sigmoid(sign * BETA * ratio);
                case MISMATCHED_KL -> 1 - sigmoid(sign * BETA * (ratio - z));
                case RUNNING_REWARD -> -Math.log(sigmoid(sign * (BETA * ratio - z)));
              };
    }
    return sum / batch.size();
  }

  /** Each prompt with the answer of the example before it that has another prompt. */
  private static double mismatchedKl(
      Float64Decoder model, Float64Decoder frozen, List<Integer> batch) {
    double sum = 0;
    for (int p = 0; p < batch.size(); p++) {
      UnpairedExample own = EXAMPLES.get(batch.get(p));
      int q = (p + batch.size() - 1) % batch.size();
      while (EXAMPLES.get(batch.get(q)).prompt().equals(own.prompt())) {
        q = (q + batch.size() - 1) % batch.size();
      }
      TokenIds other = EXAMPLES.get(batch.get(q)).answer();
      sum += model.logProb(own.prompt(), other) - frozen.logProb(own.prompt(), other);
    }
    return Math.max(0, sum / batch.size());
  }

  private void descend(
      UnpairedLoss kind,
      Float64Decoder model,
      Float64Decoder frozen,
      List<Integer> batch,
      double z,
      double[] weights) {
    double step = 1e-5;
    Map<String, double[]> gradients = new LinkedHashMap<>();
    model
        .weights()
        .forEach(
            (name, values) -> {
              double[] gradient = new double[values.length];
              for (int i = 0; i < values.length; i++) {
                double value = values[i];
                values[i] = value + step;
                double above = loss(kind, model, frozen, batch, z, weights);
                values[i] = value - step;
                gradient[i] = (above - loss(kind, model, frozen, batch, z, weights)) / (2 * step);
                values[i] = value;
              }
              gradients.put(name, gradient);
            });
    gradients.forEach(
        (name, gradient) -> {
          double[] values = model.weights().get(name);
          for (int i = 0; i < values.length; i++) {
            values[i] -= RATE * gradient[i];
          }
        });
  }

  private void compare(UnpairedLoss kind, RowPlan plan, double[] ratios) {
    Float64Decoder frozen = float64();
    Float64Decoder model = float64();
    List<double[]> expected = new ArrayList<>();
    List<Double> seen = new ArrayList<>();
    for (long step = 1; step <= epochs.steps(); step++) {
      List<Integer> batch = epochs.batch(step);
      double z = 0;
      if (kind.referencePoint() == UnpairedLoss.ReferencePoint.MISMATCHED_KL) {
        z = mismatchedKl(model, frozen, batch);
      } else if (kind.referencePoint() == UnpairedLoss.ReferencePoint.RUNNING_REWARD) {
        for (int i : batch) {
          UnpairedExample e = EXAMPLES.get(i);
          seen.add(
              BETA
                  * (model.logProb(e.prompt(), e.answer())
                      - frozen.logProb(e.prompt(), e.answer())));
        }
        z = seen.stream().mapToDouble(v -> v).average().orElseThrow();
      }
      expected.add(new double[] {loss(kind, model, frozen, batch, z, ratios), z});
      descend(kind, model, frozen, batch, z, ratios);
    }
    assertThat(expected.stream().anyMatch(e -> e[1] != 0))
        .as("a reference point that counts")
        .isEqualTo(kind.referencePoint() != UnpairedLoss.ReferencePoint.NONE);
    FineTuningOptions options =
        FineTuningOptions.of(RATE)
            .withStability(0, Double.POSITIVE_INFINITY)
            .withOptimisation(
                Optimisation.standard()
                    .withOptimizer(SgdConfig.defaults())
                    .withSchedule(LearningRateSchedule.constant(RATE)));
    try (DecoderModel base = TestModels.of(config, weights)) {
      MismatchedAnswers mismatched = MismatchedAnswers.of(EXAMPLES, epochs, 16);
      List<Answers> pairs = mismatched.pairs();
      UnpairedReference reference =
          UnpairedReference.of(
              base, EXAMPLES, pairs, plan, CancellationToken.none(), null, () -> ratios);
      FineTuningResult result =
          new TrainingRun("run", base, options)
              .train(
                  new UnpairedObjective(kind),
                  new UnpairedSource(kind, EXAMPLES, mismatched, reference, plan, epochs, null),
                  REPORT);
      try (DecoderModel trained = result.model()) {
        for (int t = 0; t < expected.size(); t++) {
          Metrics metrics = result.metrics().get(t);
          assertThat(metrics.values().get("loss")).isCloseTo(expected.get(t)[0], within(1e-4));
          Double point = metrics.values().getOrDefault("kl", metrics.values().get("delta"));
          assertThat(point == null ? 0 : point).isCloseTo(expected.get(t)[1], within(1e-4));
        }
        assertThat(distance(trained.weights(), model)).isLessThan(0.005 * distance(weights, model));
      }
    }
  }

  private static double distance(Weights a, Float64Decoder b) {
    double sum = 0;
    for (Map.Entry<String, double[]> entry : b.weights().entrySet()) {
      FloatBuffer values = a.get(entry.getKey()).data();
      for (int i = 0; i < entry.getValue().length; i++) {
        double gap = values.get(i) - entry.getValue()[i];
        sum += gap * gap;
      }
    }
    return Math.sqrt(sum);
  }

  /** Whatever an update is divided into, its reference point is that of all of it. */
  @Test
  void everyLossInOneMicroBatchAndInMany() {
    for (UnpairedLoss loss :
        List.of(UnpairedLoss.kto(BETA), UnpairedLoss.apoZero(BETA), UnpairedLoss.bco(BETA))) {
      compare(loss, new RowPlan(64, 4), EQUAL);
      compare(loss, new RowPlan(7, 1), EQUAL);
    }
  }

  /** Weights multiply losses, which are then divided by the number of answers all the same. */
  @Test
  void ratiosOfDensitiesWeighTheLosses() {
    compare(UnpairedLoss.bco(BETA), new RowPlan(64, 4), RATIOS);
    compare(UnpairedLoss.bco(BETA), new RowPlan(7, 1), RATIOS);
  }
}
