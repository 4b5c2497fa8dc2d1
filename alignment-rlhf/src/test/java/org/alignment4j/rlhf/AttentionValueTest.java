package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.RatedExample;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;

/** The value head of prompts against its formula, finite differences and what it must learn. */
class AttentionValueTest {

  private static final int WIDTH = 6;

  private static float[] states(Random random, int tokens) {
    float[] states = new float[tokens * WIDTH];
    for (int i = 0; i < states.length; i++) {
      states[i] = (float) random.nextGaussian();
    }
    return states;
  }

  private static void randomise(AttentionValue head, Random random) {
    for (int i = 0; i < head.parameters().length; i++) {
      head.parameters()[i] = random.nextGaussian();
    }
  }

  /** One state at a time, as the formula is written. */
  private static double naive(double[] parameters, float[] states) {
    int tokens = states.length / WIDTH;
    double total = 0;
    double[] shares = new double[tokens];
    for (int t = 0; t < tokens; t++) {
      double score = 0;
      for (int i = 0; i < WIDTH; i++) {
        score += parameters[i] * states[t * WIDTH + i];
      }
      shares[t] = Math.exp(score / Math.sqrt(WIDTH));
      total += shares[t];
    }
    double value = parameters[2 * WIDTH];
    for (int t = 0; t < tokens; t++) {
      for (int i = 0; i < WIDTH; i++) {
        value +=
            shares[t] / total * parameters[WIDTH + i] * states[t * WIDTH + i] / Math.sqrt(WIDTH);
      }
    }
    return value;
  }

  @Test
  void valuesAreThoseOfTheFormulaAndGradientsThoseOfDifferences() {
    Random random = new Random(3);
    for (int tokens : new int[] {1, 2, 7}) {
      AttentionValue head = new AttentionValue(WIDTH);
      randomise(head, random);
      float[] states = states(random, tokens);
      assertThat(head.value(states)).isCloseTo(naive(head.parameters(), states), within(1e-12));
      double target = 0.7;
      double loss = head.accumulate(states, target);
      assertThat(loss).isCloseTo(Math.pow(head.value(states) - target, 2), within(1e-12));
      for (int i = 0; i < head.parameters().length; i++) {
        double kept = head.parameters()[i];
        head.parameters()[i] = kept + 1e-6;
        double above = Math.pow(naive(head.parameters(), states) - target, 2);
        head.parameters()[i] = kept - 1e-6;
        double below = Math.pow(naive(head.parameters(), states) - target, 2);
        head.parameters()[i] = kept;
        assertThat(head.gradients()[i]).isCloseTo((above - below) / 2e-6, within(1e-6));
      }
    }
  }

  @Test
  void theFitFindsAnotherHead() {
    Random random = new Random(5);
    AttentionValue truth = new AttentionValue(WIDTH);
    randomise(truth, random);
    AttentionValue head = new AttentionValue(WIDTH);
    List<float[]> data = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      data.add(states(random, 1 + i % 5));
    }
    for (int step = 0; step < 3000; step++) {
      for (int i = 0; i < 16; i++) {
        float[] states = data.get((step * 16 + i) % data.size());
        head.accumulate(states, truth.value(states));
      }
      head.update(1e-2);
    }
    double error = 0;
    double spread = 0;
    for (int i = 0; i < 50; i++) {
      float[] fresh = states(random, 1 + i % 5);
      error += Math.pow(head.value(fresh) - truth.value(fresh), 2);
      spread += Math.pow(truth.value(fresh), 2);
    }
    assertThat(error).isLessThan(0.05 * spread);
  }

  /** Prompts whose first token decides their rewards, each with answers around that. */
  @Test
  void promptsOfARealDecoderGetTheirMeanRewards() {
    ConfigJson config = TestModels.config("gpt2", 13, 8, 2, 16);
    List<RatedExample> examples = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int first = i % 2 == 0 ? 3 : 9;
      double reward = (first == 3 ? 5 : -1) + (i % 4 < 2 ? 0.5 : -0.5);
      examples.add(new RatedExample(i, TokenIds.of(first, 1 + i % 3), TokenIds.of(4, 5), reward));
    }
    try (DecoderModel model = TestModels.of(config, TestModels.weights(config, 0.4))) {
      PromptBaseline baseline = new AttentionBaseline(60, 8, 5e-2, 1);
      double[] values = baseline.values(model, examples, CancellationToken.none());
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).isCloseTo(i % 2 == 0 ? 5 : -1, within(0.4));
      }
      assertThat(baseline.values(model, examples, CancellationToken.none())).isEqualTo(values);
      float[] alone =
          AttentionBaseline.states(model, List.of(TokenIds.of(3, 1, 7)), CancellationToken.none())
              .get(0);
      List<float[]> among =
          AttentionBaseline.states(
              model,
              List.of(TokenIds.of(1, 2, 3, 4, 5), TokenIds.of(3, 1, 7), TokenIds.of(2)),
              CancellationToken.none());
      assertThat(among.get(1)).as("padding").containsExactly(alone, within(1e-5f));
      assertThat(among.get(2)).hasSize(8);
    }
  }

  @Test
  void meansAreThoseOfThePromptOrOfAll() {
    List<RatedExample> examples =
        List.of(
            new RatedExample(0, TokenIds.of(1), TokenIds.of(2), 4),
            new RatedExample(1, TokenIds.of(1), TokenIds.of(3), 0),
            new RatedExample(2, TokenIds.of(5), TokenIds.of(3), -1));
    ConfigJson config = TestModels.config("gpt2", 13, 8, 1, 16);
    try (DecoderModel model = TestModels.of(config, TestModels.weights(config, 0.4))) {
      assertThat(PromptBaseline.promptMean().values(model, examples, CancellationToken.none()))
          .containsExactly(2, 2, -1);
      assertThat(PromptBaseline.mean().values(model, examples, CancellationToken.none()))
          .containsExactly(1, 1, 1);
    }
  }
}
