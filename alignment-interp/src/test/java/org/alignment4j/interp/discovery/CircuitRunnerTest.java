package org.alignment4j.interp.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.NaiveGpt2;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CircuitRunnerTest {

  static final CancellationToken GO = CancellationToken.none();
  private static DecoderModel gpt2;

  @BeforeAll
  static void load() {
    gpt2 = RandomModels.create("gpt2");
  }

  @AfterAll
  static void close() {
    gpt2.close();
  }

  static ContrastPair pair(int length, int seed) {
    TokenIds clean = RandomModels.tokens(length, seed);
    int[] other = clean.toArray();
    other[1] = (other[1] + 11) % RandomModels.VOCABULARY;
    other[length - 2] = (other[length - 2] + 5) % RandomModels.VOCABULARY;
    return new ContrastPair(clean, TokenIds.of(other), LogitMetric.logitDifference(5, 7));
  }

  static double difference(NaiveGpt2.Run run) {
    double[] last = run.logits()[run.logits().length - 1];
    return last[5] - last[7];
  }

  static CircuitRunner runner(DecoderModel model, int rows, ContrastPair... pairs) {
    return CircuitRunner.of(model, List.of(pairs), Corruption.CORRUPTED_PROMPT, rows, GO);
  }

  static Circuit random(ComputationGraph graph, double share, int seed) {
    Random random = new Random(seed);
    return Circuit.of(
        graph, graph.edges().stream().filter(edge -> random.nextDouble() < share).toList());
  }

  /** How much of the other activation each port of the naive model reads. */
  static double[][] outside(Circuit circuit) {
    ComputationGraph graph = circuit.graph();
    double[][] share = new double[graph.portCount()][graph.sourceCount()];
    for (int port = 0; port < share.length; port++) {
      for (int source = 0; source < graph.sourceCount(); source++) {
        share[port][source] = circuit.contains(port, source) ? 0 : 1;
      }
    }
    return share;
  }

  @Test
  void circuitsAreThoseOfLoopsOverDoubles() {
    ContrastPair one = pair(6, 1);
    ContrastPair two = pair(4, 2);
    NaiveGpt2 naive = new NaiveGpt2(gpt2);
    CircuitRunner runner = runner(gpt2, 3, one, two);
    List<Circuit> circuits =
        List.of(
            random(runner.graph(), 0.3, 1),
            random(runner.graph(), 0.7, 2),
            random(runner.graph(), 0.95, 3));
    List<double[]> metrics = runner.metrics(circuits, GO);
    for (int i = 0; i < circuits.size(); i++) {
      for (int p = 0; p < 2; p++) {
        ContrastPair pair = runner.pairs().get(p);
        double[][][] corrupted = naive.run(pair.corrupted().toArray()).sources();
        double expected =
            difference(
                naive.run(
                    pair.clean().toArray(),
                    corrupted,
                    outside(circuits.get(i)),
                    (l, q, h, t) -> null));
        assertThat(metrics.get(i)[p]).as("circuit %s", i).isCloseTo(expected, within(1e-4));
      }
    }
  }

  @Test
  void otherCorruptionsAreThoseOfLoopsOverDoubles() {
    ContrastPair one = pair(5, 1);
    ContrastPair two = pair(5, 2);
    NaiveGpt2 naive = new NaiveGpt2(gpt2);
    double[][][] a = naive.run(one.corrupted().toArray()).sources();
    double[][][] b = naive.run(two.corrupted().toArray()).sources();
    for (Corruption corruption :
        List.of(Corruption.ZERO, Corruption.MEAN, Corruption.MEAN_BY_POSITION)) {
      CircuitRunner runner = CircuitRunner.of(gpt2, List.of(one, two), corruption, 8, GO);
      double[][][] other = new double[a.length][5][naive.width];
      for (int s = 0; s < a.length; s++) {
        for (int t = 0; t < 5; t++) {
          for (int i = 0; i < naive.width; i++) {
            double mean = 0;
            for (int u = 0; u < 5; u++) {
              mean += (a[s][u][i] + b[s][u][i]) / 10;
            }
            other[s][t][i] =
                switch (corruption) {
                  case MEAN -> mean;
                  case MEAN_BY_POSITION -> (a[s][t][i] + b[s][t][i]) / 2;
                  default -> 0;
                };
          }
        }
      }
      Circuit circuit = random(runner.graph(), 0.8, 5);
      double expected =
          difference(
              naive.run(one.clean().toArray(), other, outside(circuit), (l, q, h, t) -> null));
      assertThat(runner.metric(circuit, GO)[0]).isCloseTo(expected, within(1e-4));
    }
  }

  @Test
  void fullIsCleanAndEmptyIsCorrupted() {
    for (String name : List.of("gpt2", "neox", "llama", "qwen2")) {
      try (DecoderModel model = RandomModels.create(name)) {
        ContrastPair pair = pair(6, 4);
        CircuitRunner runner = runner(model, 4, pair, pair(3, 5));
        assertThat(runner.metric(Circuit.full(runner.graph()), GO)[0])
            .as(name)
            .isCloseTo(
                model.forward(pair.clean()).measure(pair.metric()).metric()[0], within(1e-4));
        assertThat(runner.metric(Circuit.empty(runner.graph()), GO)[0])
            .as(name)
            .isCloseTo(
                model.forward(pair.corrupted()).measure(pair.metric()).metric()[0], within(1e-4));
      }
    }
  }

  @Test
  void withoutAPartIsThatPartPatched() {
    for (String name : List.of("gpt2", "neox", "llama", "qwen2")) {
      try (DecoderModel model = RandomModels.create(name)) {
        ContrastPair pair = pair(6, 4);
        CircuitRunner runner = runner(model, 4, pair);
        ActivationCache corrupted =
            model
                .forward(pair.corrupted())
                .cache(HookPoints.result(1), HookPoints.mlpOut(1))
                .execute()
                .cache();
        double head =
            model
                .forward(pair.clean())
                .at(HookPoints.result(1), Edits.patchFrom(corrupted, Selectors.head(2)))
                .measure(pair.metric())
                .metric()[0];
        double mlp =
            model
                .forward(pair.clean())
                .at(HookPoints.mlpOut(1), Edits.patchFrom(corrupted))
                .measure(pair.metric())
                .metric()[0];
        Circuit full = Circuit.full(runner.graph());
        assertThat(runner.metric(full.without(new Node.Head(1, 2)), GO)[0])
            .as(name)
            .isCloseTo(head, within(1e-4));
        assertThat(runner.metric(full.without(new Node.Mlp(1)), GO)[0])
            .as(name)
            .isCloseTo(mlp, within(1e-4));
      }
    }
  }

  @Test
  void wrongRequestsAreRefused() {
    try (DecoderModel gemma = RandomModels.create("gemma2");
        DecoderModel bloom = RandomModels.create("bloom, carried norms")) {
      assertThatThrownBy(() -> runner(gemma, 2, pair(5, 1)))
          .hasMessageContaining("normalises it on the way: AROUND");
      assertThatThrownBy(() -> runner(bloom, 2, pair(5, 1)))
          .hasMessageContaining("normalises it on the way: BEFORE_RESIDUAL");
    }
    assertThatThrownBy(() -> runner(gpt2, 2)).hasMessageContaining("at least one pair");
    assertThatThrownBy(() -> runner(gpt2, 0, pair(5, 1)))
        .hasMessageContaining("rows must be positive but was 0");
    assertThatThrownBy(
            () ->
                CircuitRunner.of(
                    gpt2, List.of(pair(5, 1), pair(4, 1)), Corruption.MEAN_BY_POSITION, 2, GO))
        .hasMessageContaining("equally many tokens for a mean by position");
    CircuitRunner runner = runner(gpt2, 2, pair(5, 1));
    assertThatThrownBy(() -> runner.metric(Circuit.full(new ComputationGraph(1, 2, 2, false)), GO))
        .hasMessageContaining("circuits must be of the model's");
    assertThatThrownBy(() -> runner.metric(Circuit.full(runner.graph()), () -> true))
        .isInstanceOf(CancelledException.class);
  }
}
