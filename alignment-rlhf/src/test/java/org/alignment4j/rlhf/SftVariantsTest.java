package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.junit.jupiter.api.Test;

/** Dynamic fine-tuning against a run written out in float64, and the settings of LIMA. */
class SftVariantsTest extends PocketTraining {

  private static final int VOCAB = 13;
  private static final int HIDDEN = 8;
  private static final double RATE = 0.1;
  private static final int[][] SEQUENCES = {{1, 2, 3, 4}, {7, 8}, {3, 3, 5, 1, 2}};

  private static SftExample example(int index) {
    BitSet learnt = new BitSet();
    learnt.set(1, SEQUENCES[index].length);
    return new SftExample(index, TokenIds.of(SEQUENCES[index]), learnt);
  }

  private static double logProb(Float64Decoder model, int sequence, int token) {
    TokenIds ids = TokenIds.of(SEQUENCES[sequence]);
    return model.logProb(ids.slice(0, token), ids.slice(token, token + 1));
  }

  /** With the probabilities held fixed. */
  private static double loss(Float64Decoder model, List<Integer> batch, List<Double> fixed) {
    double sum = 0;
    int tokens = 0;
    for (int i : batch) {
      for (int t = 1; t < SEQUENCES[i].length; t++) {
        sum -= fixed.get(tokens++) * logProb(model, i, t);
      }
    }
    return sum / tokens;
  }

  @Test
  void dynamicFineTuningWeighsTokensByTheirProbability() {
    ConfigJson config = TestModels.config("gpt2", VOCAB, HIDDEN, 1, 16);
    Weights weights = TestModels.weights(config, 0.4);
    Epochs epochs = new Epochs(3, 2, 2, 5);
    Float64Decoder model = new Float64Decoder("gpt2", VOCAB, HIDDEN, 1, weights);
    List<Double> expected = new ArrayList<>();
    for (long step = 1; step <= epochs.steps(); step++) {
      List<Integer> batch = epochs.batch(step);
      List<Double> fixed = new ArrayList<>();
      for (int i : batch) {
        for (int t = 1; t < SEQUENCES[i].length; t++) {
          fixed.add(Math.exp(logProb(model, i, t)));
        }
      }
      expected.add(loss(model, batch, fixed));
      Float64Descent.step(model, RATE, m -> loss(m, batch, fixed));
    }
    List<SftExample> examples = List.of(example(0), example(1), example(2));
    try (DecoderModel start = TestModels.of(config, weights)) {
      FineTuningResult result =
          new TrainingRun("run", start, Float64Descent.options(RATE))
              .train(
                  new DynamicSftObjective(),
                  new SftSource(examples, new RowPlan(8, 1), epochs),
                  new EncodingReport(3, 3, 0, 0, 0, List.of()));
      try (DecoderModel trained = result.model()) {
        for (int t = 0; t < expected.size(); t++) {
          assertThat(value(result.metrics().get(t), "loss"))
              .isCloseTo(expected.get(t), within(1e-4));
        }
        assertThat(Float64Descent.distance(trained.weights(), model))
            .isLessThan(0.005 * Float64Descent.distance(weights, model));
      }
    }
  }

  @Test
  void dynamicFineTuningLearnsFromText() {
    FineTuningResult result =
        SftTrainer.of(base).dynamic().learningRate(1e-3).batchSize(3).epochs(6).train(answers());
    result.model().close();
    double first = value(result.metrics().get(0), "nll");
    assertThat(value(result.metrics().get(11), "nll")).isLessThan(first);
    assertThat(value(result.metrics().get(0), "loss")).isPositive().isLessThan(first);
  }

  @Test
  void limaHasItsSettings() {
    FineTuningOptions options = SftTrainer.lima(base).options();
    assertThat(options.epochs()).isEqualTo(15);
    assertThat(options.batchSize()).isEqualTo(32);
    assertThat(options.limits().maxLength()).isEqualTo(base.architecture().config().maxPositions());
    Optimisation optimisation = options.optimisation();
    AdamWConfig adam = (AdamWConfig) optimisation.optimizer();
    assertThat(List.of(adam.beta1(), adam.beta2(), adam.weightDecay()))
        .containsExactly(0.9, 0.95, 0.1);
    LearningRateSchedule schedule = optimisation.schedule();
    assertThat(schedule.at(0, 100)).isEqualTo(1e-5);
    assertThat(schedule.at(50, 100)).isCloseTo(5.5e-6, within(1e-12));
    assertThat(schedule.at(100, 100)).isCloseTo(1e-6, within(1e-12));
    assertThat(optimisation.noise().residualDropout(0, 4)).isZero();
    assertThat(optimisation.noise().residualDropout(3, 4)).isEqualTo(0.3);
    FineTuningResult result = SftTrainer.lima(base).train(answers());
    result.model().close();
    assertThat(result.metrics()).hasSize(15);
    assertThat(value(result.metrics().get(14), "learning_rate")).isBetween(1e-6, 2e-6);
  }
}
