package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.CringeExample;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.CringeLoss;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.generate.SequenceRandom;
import org.alignment4j.runtime.train.Metrics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whole Cringe runs against the same run written out in float64 over logits, as ParlAI's {@code
 * cringe_loss.py} computes it: the forward pass, the k + 1 greatest logits without the bad token, a
 * draw among them, the loss, gradients by central differences and descent.
 */
class CringeRunAgainstFloat64Test {

  private static final int VOCAB = 13;
  private static final int HIDDEN = 8;
  private static final double RATE = 0.05;
  private static final double ALPHA = 0.7;
  private static final EncodingReport REPORT = new EncodingReport(5, 5, 0, 0, 0, List.of());

  private static final List<CringeExample> SINGLE =
      List.of(
          new CringeExample(TokenIds.of(1, 2, 3), TokenIds.of(4, 5), null),
          new CringeExample(TokenIds.of(7), null, TokenIds.of(8)),
          new CringeExample(TokenIds.of(3, 3), TokenIds.of(4, 1, 6), null),
          new CringeExample(TokenIds.of(7), null, TokenIds.of(12, 2, 2)),
          new CringeExample(TokenIds.of(11, 5), null, TokenIds.of(1, 9)));
  private static final List<CringeExample> PAIRS =
      List.of(
          new CringeExample(TokenIds.of(1, 2, 3), TokenIds.of(4, 5), TokenIds.of(6)),
          new CringeExample(TokenIds.of(7), TokenIds.of(8), TokenIds.of(8, 3, 1)),
          new CringeExample(TokenIds.of(3, 3), TokenIds.of(4, 1, 6), TokenIds.of(4, 2)));

  private final ConfigJson config = TestModels.config("llama", VOCAB, HIDDEN, 1, 16);
  private final Weights weights = TestModels.weights(config, 0.4);

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Logits of the token at each place of an answer. */
  private static double[][] rows(Float64Decoder model, TokenIds prompt, TokenIds answer) {
    double[][] all = model.logits(prompt.concat(answer).toArray());
    double[][] rows = new double[answer.size()][];
    for (int t = 0; t < rows.length; t++) {
      rows[t] = all[prompt.size() - 1 + t];
    }
    return rows;
  }

  /** Contrasts of a batch, drawn as an update draws them. */
  private static List<int[]> contrasts(
      Float64Decoder model, List<CringeExample> batch, int k, SequenceRandom random) {
    List<int[]> contrasts = new ArrayList<>();
    long draw = 0;
    for (CringeExample e : batch) {
      int[] own = new int[e.badTokens()];
      double[][] rows = e.bad() == null ? new double[0][] : rows(model, e.prompt(), e.bad());
      for (int t = 0; t < own.length; t++) {
        double[] logits = rows[t];
        int bad = e.bad().get(t);
        List<Integer> kept =
            IntStream.range(0, VOCAB)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]))
                .filter(i -> i != bad)
                .limit(k)
                .toList();
        double total = kept.stream().mapToDouble(i -> Math.exp(logits[i])).sum();
        double u = random.uniform(draw++);
        double below = 0;
        own[t] = kept.get(k - 1);
        for (int i : kept) {
          below += Math.exp(logits[i]) / total;
          if (u < below) {
            own[t] = i;
            break;
          }
        }
      }
      contrasts.add(own);
    }
    return contrasts;
  }

  private static double gate(Float64Decoder model, CringeExample e, @Nullable PairGate gate) {
    if (gate == null) {
      return 1;
    }
    double margin = model.logProb(e.prompt(), e.good()) - model.logProb(e.prompt(), e.bad());
    return sigmoid((gate.offset() - margin) / gate.temperature());
  }

  /** The mean over all tokens, given the gates or else with their present values. */
  private static double loss(
      Float64Decoder model,
      List<CringeExample> batch,
      List<int[]> contrasts,
      @Nullable PairGate gate,
      double @Nullable [] gates,
      @Nullable List<double[][]> still) {
    double sum = 0;
    int tokens = 0;
    for (int i = 0; i < batch.size(); i++) {
      CringeExample e = batch.get(i);
      double own = e.good() == null ? 0 : -model.logProb(e.prompt(), e.good());
      double[][] rows = e.bad() == null ? new double[0][] : rows(model, e.prompt(), e.bad());
      for (int t = 0; t < e.badTokens(); t++) {
        double[] others = still == null ? rows[t] : still.get(i)[t];
        double other = Math.exp(others[contrasts.get(i)[t]]);
        own -= ALPHA * Math.log(other / (other + Math.exp(rows[t][e.bad().get(t)])));
      }
      sum += own * (gates == null ? gate(model, e, gate) : gates[i]);
      tokens += e.goodTokens() + e.badTokens();
    }
    return sum / tokens;
  }

  private void compare(List<CringeExample> examples, int k, @Nullable PairGate gate, RowPlan plan) {
    compare(examples, new CringeLoss(ALPHA, k), gate, plan);
  }

  private void compare(
      List<CringeExample> examples, CringeLoss kind, @Nullable PairGate gate, RowPlan plan) {
    int k = kind.candidates();
    Epochs epochs = new Epochs(examples.size(), 3, 2, 5);
    Float64Decoder model = new Float64Decoder("llama", VOCAB, HIDDEN, 1, weights);
    List<Double> expected = new ArrayList<>();
    for (long step = 1; step <= epochs.steps(); step++) {
      List<CringeExample> batch = epochs.batch(step).stream().map(examples::get).toList();
      List<int[]> drawn = contrasts(model, batch, k, new SequenceRandom(5, -step));
      double[] gates =
          gate == null || gate.gradient() == PairGate.Gradient.FLOWING
              ? null
              : batch.stream().mapToDouble(e -> gate(model, e, gate)).toArray();
      List<double[][]> still =
          kind.positives() == CringeLoss.Positives.RAISED
              ? null
              : batch.stream()
                  .map(e -> e.bad() == null ? new double[0][] : rows(model, e.prompt(), e.bad()))
                  .toList();
      expected.add(loss(model, batch, drawn, gate, gates, still));
      Float64Descent.step(model, RATE, m -> loss(m, batch, drawn, gate, gates, still));
    }
    try (DecoderModel base = TestModels.of(config, weights)) {
      FineTuningResult result =
          new TrainingRun("run", base, Float64Descent.options(RATE))
              .train(
                  new CringeObjective(kind, gate),
                  new CringeSource(kind, examples, plan, epochs),
                  REPORT);
      try (DecoderModel trained = result.model()) {
        for (int t = 0; t < expected.size(); t++) {
          Metrics metrics = result.metrics().get(t);
          assertThat(metrics.values().get("loss")).isCloseTo(expected.get(t), within(1e-4));
        }
        assertThat(Float64Descent.distance(trained.weights(), model))
            .isLessThan(0.005 * Float64Descent.distance(weights, model));
      }
    }
  }

  @Test
  void singleAnswersWithOneAndWithSeveralCandidates() {
    for (int k : new int[] {1, 4, VOCAB - 1}) {
      compare(SINGLE, k, null, new RowPlan(64, 4));
    }
    compare(SINGLE, 4, null, new RowPlan(7, 1));
  }

  /** The logit of the other token is a number: only that of the bad one is lowered. */
  @Test
  void contrastsThatAreNotRaised() {
    CringeLoss detached = new CringeLoss(ALPHA, 3).withPositives(CringeLoss.Positives.DETACHED);
    compare(SINGLE, detached, null, new RowPlan(64, 4));
    compare(PAIRS, detached, PairGate.of(0.3, 2), new RowPlan(8, 1));
  }

  @Test
  void pairsWithAGateAndWithItsGradient() {
    compare(PAIRS, 1, PairGate.of(0.3, 2), new RowPlan(64, 4));
    compare(PAIRS, 3, PairGate.of(-1, 0.5), new RowPlan(8, 1));
    compare(PAIRS, 1, new PairGate(0.3, 2, PairGate.Gradient.FLOWING), new RowPlan(64, 4));
  }
}
