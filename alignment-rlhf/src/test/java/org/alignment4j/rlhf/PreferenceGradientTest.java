package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Losses and gradients of packed rows with answers of odd lengths and labels of any certainty, at
 * small and extreme margins, against a float64 model with one sequence at a time.
 */
class PreferenceGradientTest {

  private static final int VOCAB = 31;
  private static final double BETA = 0.7;

  private static TokenIds ids(Random random, int n) {
    return TokenIds.of(random.ints(n, 3, VOCAB).toArray());
  }

  private static List<PreferenceExample> examples(Random random) {
    TokenIds a = ids(random, 6);
    return List.of(
        // one answer begins with the other
        new PreferenceExample(0, ids(random, 4), a, a.slice(0, 3), 1),
        new PreferenceExample(1, ids(random, 3), a.slice(0, 1), a, 0.75),
        new PreferenceExample(2, ids(random, 1), TokenIds.of(7), TokenIds.of(8), 0),
        // the context is full
        new PreferenceExample(3, ids(random, 14), ids(random, 10), ids(random, 10), 1),
        new PreferenceExample(4, ids(random, 1), ids(random, 23), ids(random, 2), 0.5),
        new PreferenceExample(5, ids(random, 23), TokenIds.of(9), TokenIds.of(5), 1));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** Mean of {@code −p·log σ(βd) − (1−p)·log σ(−βd)}. */
  private static double loss(Float64Decoder model, List<PreferenceRows.Pair> pairs) {
    double sum = 0;
    for (PreferenceRows.Pair pair : pairs) {
      PreferenceExample e = pair.example();
      double z =
          BETA
              * (model.logProb(e.prompt(), e.chosen())
                  - pair.chosen()
                  - model.logProb(e.prompt(), e.rejected())
                  + pair.rejected());
      sum += e.probability() * softplus(-z) + (1 - e.probability()) * softplus(z);
    }
    return sum / pairs.size();
  }

  /** The same of log-probabilities from the first token on in which the answers differ. */
  private static double lossFromDivergence(
      Float64Decoder model, List<PreferenceRows.Pair> pairs, double[] commonReference) {
    List<PreferenceRows.Pair> cut = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      PreferenceRows.Pair pair = pairs.get(i);
      PreferenceExample e = pair.example();
      int same = common(e);
      cut.add(
          new PreferenceRows.Pair(
              new PreferenceExample(
                  e.index(),
                  e.prompt().concat(e.chosen().slice(0, same)),
                  e.chosen().slice(same, e.chosen().size()),
                  e.rejected().slice(same, e.rejected().size()),
                  e.probability()),
              pair.chosen() - commonReference[i],
              pair.rejected() - commonReference[i]));
    }
    return loss(model, cut);
  }

  /** How many tokens both answers begin with. */
  private static int common(PreferenceExample e) {
    int same = 0;
    while (e.chosen().get(same) == e.rejected().get(same)) {
      same++;
    }
    return same;
  }

  /**
   * Scores from the divergence of the answers only, as safe-rlhf's trainer takes them, are no other
   * loss: what the answers have in common cancels, in the value and in the gradient.
   */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void theCommonBeginningCancels(String family) {
    ConfigJson config = TestModels.config(family, VOCAB, 16, 2, 24);
    Weights weights = TestModels.weights(config, 0.25);
    Float64Decoder expected = new Float64Decoder(family, VOCAB, 16, 2, weights);
    Random random = new Random(4);
    TokenIds begun = ids(random, 6);
    List<PreferenceExample> examples =
        List.of(
            new PreferenceExample(
                0,
                ids(random, 4),
                begun.concat(TokenIds.of(7, 9)),
                begun.concat(TokenIds.of(8)),
                1),
            new PreferenceExample(
                1,
                ids(random, 2),
                begun.slice(0, 1).concat(TokenIds.of(5)),
                begun.slice(0, 1).concat(TokenIds.of(4, 6, 3)),
                0.75),
            new PreferenceExample(2, ids(random, 3), TokenIds.of(7), TokenIds.of(8), 0));
    try (DecoderModel model = TestModels.of(config, weights);
        TrainingStep step =
            new TrainingStep(
                model.engine(),
                Trainable.all(model.weights()),
                new PreferenceObjective(PreferenceLoss.dpo(BETA), true),
                Runnable::run,
                1)) {
      List<PreferenceRows.Pair> pairs = new ArrayList<>();
      double[] commonReference = {-13, -2.5, 0};
      for (PreferenceExample e : examples) {
        pairs.add(
            new PreferenceRows.Pair(
                e, commonReference[e.index()] - 5, commonReference[e.index()] - 3));
      }
      List<MicroBatch> batches =
          PreferenceRows.microBatches(pairs, new RowPlan(34, 3)).stream()
              .map(PreferenceRows.Batch::batch)
              .toList();
      double value = lossFromDivergence(expected, pairs, commonReference);
      assertThat(Math.abs(step.run(batches).loss() - value) / Math.max(1, value)).isLessThan(2e-5);
      DirectionalDerivative.compare(
          step.gradients(),
          expected,
          model64 -> lossFromDivergence(model64, pairs, commonReference),
          random);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void oddRowsAndExtremeMargins(String family) {
    ConfigJson config = TestModels.config(family, VOCAB, 16, 2, 24);
    Weights weights = TestModels.weights(config, 0.25);
    Float64Decoder expected = new Float64Decoder(family, VOCAB, 16, 2, weights);
    Random random = new Random(3);
    List<PreferenceExample> examples = examples(random);
    try (DecoderModel model = TestModels.of(config, weights);
        TrainingStep step =
            new TrainingStep(
                model.engine(),
                Trainable.all(model.weights()),
                new PreferenceObjective(PreferenceLoss.dpo(BETA), true),
                Runnable::run,
                1)) {
      for (RowPlan plan : List.of(new RowPlan(34, 1), new RowPlan(34, 3), new RowPlan(128, 8))) {
        AnswerLogProbs own = AnswerLogProbs.of(model, examples, plan, CancellationToken.none());
        for (double shift : new double[] {0, 0.5, 50, -50, 1e4, -1e4}) {
          List<PreferenceRows.Pair> pairs = new ArrayList<>();
          for (int i = 0; i < examples.size(); i++) {
            pairs.add(
                new PreferenceRows.Pair(
                    examples.get(i),
                    (float) (own.chosen()[i] - shift),
                    (float) (own.rejected()[i] + shift / 3)));
          }
          List<MicroBatch> batches =
              PreferenceRows.microBatches(pairs, plan).stream()
                  .map(PreferenceRows.Batch::batch)
                  .toList();
          double value = loss(expected, pairs);
          assertThat(Math.abs(step.run(batches).loss() - value) / Math.max(1, value))
              .as("loss, rows %s, shift %s", plan, shift)
              .isLessThan(2e-5);
          DirectionalDerivative.compare(
              step.gradients(), expected, model64 -> loss(model64, pairs), random);
        }
      }
    }
  }
}
