package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.data.RankingRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.RankingLosses;
import org.alignment4j.rlhf.loss.StableAlignmentLoss;
import org.alignment4j.rlhf.loss.StableAlignmentLoss.Penalty;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Losses and gradients of packed rankings of one to four answers behind shared prompts, in one
 * micro-batch and in many, against a float64 model with one sequence at a time.
 */
class RankingGradientTest {

  private static final int VOCAB = 31;

  private static TokenIds ids(Random random, int n) {
    return TokenIds.of(random.ints(n, 3, VOCAB).toArray());
  }

  private static List<RankingExample> examples(Random random) {
    TokenIds a = ids(random, 5);
    return List.of(
        new RankingExample(
            0,
            // the second begins the first
            new Answers(ids(random, 4), List.of(a, a.slice(0, 2), ids(random, 3))),
            List.of(2.0, 1.0, -1.0)),
        new RankingExample(
            1,
            new Answers(ids(random, 1), List.of(ids(random, 2), ids(random, 6), a, ids(random, 1))),
            List.of(3.0, 3.0, 1.5, 1.5)),
        new RankingExample(
            2,
            new Answers(ids(random, 9), List.of(ids(random, 2), ids(random, 2))),
            List.of(1.0, 0.0)),
        new RankingExample(3, new Answers(ids(random, 2), List.of(a)), List.of(0.0)));
  }

  private static double loss(
      RankingLoss loss, Float64Decoder model, List<RankingRows.Entry> entries) {
    double sum = 0;
    for (RankingRows.Entry entry : entries) {
      Answers answers = entry.example().answers();
      double[] policy =
          answers.answers().stream().mapToDouble(a -> model.logProb(answers.prompt(), a)).toArray();
      double[] lengths = answers.answers().stream().mapToDouble(TokenIds::size).toArray();
      double[] reference = entry.reference().stream().mapToDouble(r -> r).toArray();
      double[] scores = entry.example().scores().stream().mapToDouble(s -> s).toArray();
      sum += RankingLosses.evaluate(loss, policy, reference, lengths, scores).loss();
    }
    return sum / entries.size();
  }

  /** By how much a loss rises along a random direction. */
  private static double slope(
      RankingLoss loss,
      Float64Decoder model,
      Map<String, double[]> direction,
      List<RankingRows.Entry> entries) {
    double step = 1e-5;
    move(model, direction, step);
    double above = loss(loss, model, entries);
    move(model, direction, -2 * step);
    double below = loss(loss, model, entries);
    move(model, direction, step);
    return (above - below) / (2 * step);
  }

  private static void move(Float64Decoder model, Map<String, double[]> direction, double by) {
    direction.forEach(
        (name, v) -> {
          double[] values = model.weights().get(name);
          for (int i = 0; i < v.length; i++) {
            values[i] += by * v[i];
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void raggedRankings(String family) {
    ConfigJson config = TestModels.config(family, VOCAB, 16, 2, 24);
    Weights weights = TestModels.weights(config, 0.25);
    Float64Decoder expected = new Float64Decoder(family, VOCAB, 16, 2, weights);
    Random random = new Random(3);
    List<RankingRows.Entry> entries = new ArrayList<>();
    for (RankingExample e : examples(random)) {
      List<Double> reference = new ArrayList<>();
      for (TokenIds answer : e.answers().answers()) {
        reference.add((double) (float) (-3 * answer.size() - random.nextDouble()));
      }
      entries.add(new RankingRows.Entry(e, reference));
    }
    List<RankingLoss> losses =
        List.of(
            RankingLoss.rrhf(),
            RankingLoss.pro(),
            RankingLoss.plackettLuce(0.5),
            RankingLoss.stableAlignment(),
            new StableAlignmentLoss(0.5, 1, 7, Penalty.MEAN_HINGE),
            new StableAlignmentLoss(0.5, 1, 7, Penalty.MAX_HINGE));
    try (DecoderModel model = TestModels.of(config, weights)) {
      for (RankingLoss loss : losses) {
        try (TrainingStep step =
            new TrainingStep(
                model.engine(),
                Trainable.all(model.weights()),
                new RankingObjective(loss, 4),
                Runnable::run,
                1)) {
          for (RowPlan plan : List.of(new RowPlan(20, 1), new RowPlan(64, 2))) {
            double value = loss(loss, expected, entries);
            assertThat(step.run(RankingRows.microBatches(entries, 4, plan)).loss())
                .as("%s", loss)
                .isCloseTo(value, within(2e-5 * Math.max(1, Math.abs(value))));
            Map<String, double[]> direction = new LinkedHashMap<>();
            double actual = 0;
            double norm = 0;
            for (Map.Entry<String, double[]> entry : expected.weights().entrySet()) {
              FloatBuffer gradient = step.gradients().slice(entry.getKey());
              double[] v = random.doubles(entry.getValue().length, -1, 1).toArray();
              for (int i = 0; i < v.length; i++) {
                actual += v[i] * gradient.get(i);
                norm += (double) gradient.get(i) * gradient.get(i);
              }
              direction.put(entry.getKey(), v);
            }
            assertThat(actual)
                .as("slope of %s", loss)
                .isCloseTo(
                    slope(loss, expected, direction, entries),
                    within(1e-3 * Math.max(0.1, Math.sqrt(norm))));
          }
        }
      }
    }
  }
}
