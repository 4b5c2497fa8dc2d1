package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.SftTermLoss.Normalisation;
import org.alignment4j.rlhf.loss.SmoothedSftLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.MicroBatchSource;
import org.alignment4j.runtime.train.Objective;
import org.junit.jupiter.api.Test;

/**
 * Whole runs against the same run written out in float64: the model's forward pass, the loss as the
 * paper writes it, gradients by central differences, clipping, AdamW and the learning rates.
 */
class RunAgainstFloat64Test {

  private static final int VOCAB = 13;
  private static final int HIDDEN = 8;
  private static final double RATE = 0.01;
  private static final double BETA = 0.5;

  private static final double SMOOTHING = 0.3;

  /** Of four updates: none, the whole rate, two thirds, one third. */
  private static final double[] RATES = {0, RATE, RATE * 2 / 3, RATE / 3};

  private static final EncodingReport REPORT = new EncodingReport(4, 4, 0, 0, 0, List.of());

  private static final List<PreferenceExample> PAIRS =
      List.of(
          new PreferenceExample(0, TokenIds.of(1, 2, 3), TokenIds.of(4, 5), TokenIds.of(6), 0.7),
          new PreferenceExample(1, TokenIds.of(7), TokenIds.of(8), TokenIds.of(9, 10, 2), 1),
          new PreferenceExample(2, TokenIds.of(3, 3), TokenIds.of(4, 1), TokenIds.of(4, 2), 0.2),
          new PreferenceExample(3, TokenIds.of(11, 5), TokenIds.of(12), TokenIds.of(1), 1));

  private final ConfigJson config = TestModels.config("llama", VOCAB, HIDDEN, 1, 16);
  private final Weights weights = TestModels.weights(config, 0.4);

  private static FineTuningOptions options(double clip) {
    return FineTuningOptions.of(RATE)
        .withSeed(5)
        .withEpochs(2)
        .withBatchSize(2)
        .withStability(0.25, clip);
  }

  private static double logSigmoid(double x) {
    return -Math.log1p(Math.exp(-x));
  }

  /** Mean over the pairs of {@code −p·log σ(βd) − (1−p)·log σ(−βd)}. */
  private static double dpo(
      Float64Decoder model, Float64Decoder frozen, List<PreferenceExample> pairs) {
    double sum = 0;
    for (PreferenceExample e : pairs) {
      double d =
          model.logProb(e.prompt(), e.chosen())
              - frozen.logProb(e.prompt(), e.chosen())
              - model.logProb(e.prompt(), e.rejected())
              + frozen.logProb(e.prompt(), e.rejected());
      double p = e.probability();
      sum -= p * logSigmoid(BETA * d) + (1 - p) * logSigmoid(-BETA * d);
    }
    return sum / pairs.size();
  }

  private static List<SftExample> answers() {
    List<SftExample> examples = new ArrayList<>();
    for (PreferenceExample e : PAIRS) {
      BitSet learnt = new BitSet();
      learnt.set(e.prompt().size(), e.prompt().size() + e.chosen().size());
      examples.add(new SftExample(e.index(), e.prompt().concat(e.chosen()), learnt));
    }
    return examples;
  }

  /** Cross-entropy over the tokens of all answers. */
  private static double sft(Float64Decoder model, List<PreferenceExample> pairs) {
    double sum = 0;
    int tokens = 0;
    for (PreferenceExample e : pairs) {
      sum -= model.logProb(e.prompt(), e.chosen());
      tokens += e.chosen().size();
    }
    return sum / tokens;
  }

  /** Mean over the tokens of all answers against smoothed labels. */
  private static double smoothed(Float64Decoder model, List<PreferenceExample> pairs) {
    double sum = 0;
    int tokens = 0;
    for (PreferenceExample e : pairs) {
      sum += model.smoothedCrossEntropy(e.prompt(), e.chosen(), SMOOTHING);
      tokens += e.chosen().size();
    }
    return sum / tokens;
  }

  private interface BatchLoss {
    double of(Float64Decoder model, List<PreferenceExample> batch);
  }

  private Float64Decoder float64() {
    return new Float64Decoder("llama", VOCAB, HIDDEN, 1, weights);
  }

  private static Map<String, double[]> gradients(
      Float64Decoder model, ToDoubleFunction<Float64Decoder> loss) {
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
                double above = loss.applyAsDouble(model);
                values[i] = value - step;
                gradient[i] = (above - loss.applyAsDouble(model)) / (2 * step);
                values[i] = value;
              }
              gradients.put(name, gradient);
            });
    return gradients;
  }

  /** Trains in place; gives loss and gradient norm of each update. */
  private static List<double[]> train(Float64Decoder model, BatchLoss loss, double clip) {
    Epochs epochs = new Epochs(PAIRS.size(), 2, 2, 5);
    Map<String, double[]> first = new LinkedHashMap<>();
    Map<String, double[]> second = new LinkedHashMap<>();
    List<double[]> history = new ArrayList<>();
    for (int t = 1; t <= 4; t++) {
      List<PreferenceExample> batch = epochs.batch(t).stream().map(PAIRS::get).toList();
      Map<String, double[]> gradients = gradients(model, m -> loss.of(m, batch));
      double norm =
          Math.sqrt(
              gradients.values().stream()
                  .flatMapToDouble(java.util.Arrays::stream)
                  .map(g -> g * g)
                  .sum());
      history.add(new double[] {loss.of(model, batch), norm});
      double scale = Math.min(1, clip / norm);
      double rate = RATES[t - 1];
      int update = t;
      gradients.forEach(
          (name, gradient) -> {
            double[] m = first.computeIfAbsent(name, n -> new double[gradient.length]);
            double[] v = second.computeIfAbsent(name, n -> new double[gradient.length]);
            double[] values = model.weights().get(name);
            for (int i = 0; i < gradient.length; i++) {
              double g = gradient[i] * scale;
              m[i] = 0.9 * m[i] + 0.1 * g;
              v[i] = 0.999 * v[i] + 0.001 * g * g;
              double mean = m[i] / (1 - Math.pow(0.9, update));
              double square = v[i] / (1 - Math.pow(0.999, update));
              values[i] -= rate * mean / (Math.sqrt(square) + 1e-8);
            }
          });
    }
    return history;
  }

  private void compare(Objective objective, MicroBatchSource source, BatchLoss loss, double clip) {
    Float64Decoder expected = float64();
    List<double[]> history = train(expected, loss, clip);
    try (DecoderModel base = TestModels.of(config, weights)) {
      FineTuningResult result =
          new TrainingRun("run", base, options(clip)).train(objective, source, REPORT);
      try (DecoderModel trained = result.model()) {
        for (int t = 0; t < 4; t++) {
          Metrics metrics = result.metrics().get(t);
          assertThat(metrics.values().get("loss")).isCloseTo(history.get(t)[0], within(1e-4));
          assertThat(metrics.values().get("grad_norm"))
              .isCloseTo(history.get(t)[1], within(2e-3 * history.get(t)[1]));
          assertThat(metrics.values().get("learning_rate")).isCloseTo(RATES[t], within(1e-12));
        }
        assertThat(distance(trained.weights(), expected))
            .as("between the trained weights, over the way from the start")
            .isLessThan(0.01 * distance(weights, expected));
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

  private MicroBatchSource preferences(DecoderModel base, RowPlan plan, Set<PairInput> inputs) {
    return new PreferenceSource(
        PAIRS,
        new Reference(() -> AnswerLogProbs.of(base, PAIRS, plan, CancellationToken.none())),
        plan,
        new Epochs(PAIRS.size(), 2, 2, 5),
        inputs);
  }

  @Test
  void preferencesWithUncertainLabels() {
    Float64Decoder frozen = float64();
    try (DecoderModel base = TestModels.of(config, weights)) {
      Objective objective = new PreferenceObjective(PreferenceLoss.dpo(BETA), true);
      // norms are near 1: nothing is clipped, or every update to where AdamW's ε counts
      for (double clip : new double[] {Double.POSITIVE_INFINITY, 1e-7}) {
        compare(
            objective,
            preferences(base, new RowPlan(16, 2), Set.of(PairInput.REFERENCE)),
            (m, batch) -> dpo(m, frozen, batch),
            clip);
      }
    }
  }

  /** Pairs in micro-batches of their own, and labels that count as parts of two pairs. */
  @Test
  void preferencesWithTheMeanOverTheTokensOfAnUpdate() {
    Float64Decoder frozen = float64();
    PreferenceLoss loss = PreferenceLoss.dpo(BETA).withSft(1.5, Normalisation.BATCH_TOKEN_MEAN);
    try (DecoderModel base = TestModels.of(config, weights)) {
      compare(
          new PreferenceObjective(loss, true),
          preferences(base, new RowPlan(6, 1), loss.inputs()),
          (m, batch) -> dpo(m, frozen, batch) + 1.5 * expectedSft(m, batch),
          Double.POSITIVE_INFINITY);
    }
  }

  private static double expectedSft(Float64Decoder model, List<PreferenceExample> pairs) {
    double sum = 0;
    double tokens = 0;
    for (PreferenceExample e : pairs) {
      double p = e.probability();
      sum -= p * model.logProb(e.prompt(), e.chosen());
      sum -= (1 - p) * model.logProb(e.prompt(), e.rejected());
      tokens += p * e.chosen().size() + (1 - p) * e.rejected().size();
    }
    return sum / tokens;
  }

  @Test
  void supervised() {
    MicroBatchSource source =
        new SftSource(answers(), new RowPlan(16, 1), new Epochs(PAIRS.size(), 2, 2, 5));
    for (double clip : new double[] {Double.POSITIVE_INFINITY, 1e-7}) {
      compare(new SftObjective(), source, RunAgainstFloat64Test::sft, clip);
    }
  }

  @Test
  void supervisedWithSmoothedLabels() {
    MicroBatchSource source =
        new SftSource(answers(), new RowPlan(16, 1), new Epochs(PAIRS.size(), 2, 2, 5));
    compare(
        new SmoothedSftObjective(new SmoothedSftLoss(SMOOTHING)),
        source,
        RunAgainstFloat64Test::smoothed,
        Double.POSITIVE_INFINITY);
  }
}
