package org.alignment4j.interp.discovery;

import static org.alignment4j.interp.discovery.CircuitRunnerTest.GO;
import static org.alignment4j.interp.discovery.CircuitRunnerTest.pair;
import static org.alignment4j.interp.discovery.CircuitRunnerTest.runner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CircuitEvaluationTest {

  private static DecoderModel model;
  private static CircuitRunner runner;
  private static CircuitEvaluation evaluation;

  @BeforeAll
  static void load() {
    model = RandomModels.create("llama");
    runner = runner(model, 16, pair(6, 1), pair(6, 2), pair(5, 3));
    evaluation = new CircuitEvaluation(runner, Bootstrap.seeded(1));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static double mean(Circuit circuit) {
    return Arrays.stream(runner.metric(circuit, GO)).average().orElseThrow();
  }

  @Test
  void fullIsOneAndEmptyIsZero() {
    ComputationGraph graph = runner.graph();
    assertThat(evaluation.faithfulness(Circuit.full(graph), GO).faithfulness().value())
        .isCloseTo(1, within(1e-5));
    assertThat(evaluation.faithfulness(Circuit.empty(graph), GO).faithfulness().value())
        .isCloseTo(0, within(1e-5));
    Circuit part = CircuitRunnerTest.random(graph, 0.6, 1);
    CircuitEvaluation.Faithfulness faithfulness = evaluation.faithfulness(part, GO);
    double low = mean(Circuit.empty(graph));
    double high = mean(Circuit.full(graph));
    assertThat(faithfulness.faithfulness().value())
        .isCloseTo((mean(part) - low) / (high - low), within(1e-5));
    assertThat(faithfulness.share()).isEqualTo((double) part.size() / graph.edges().size());
    assertThat(faithfulness.toTable().rows()).hasSize(1);
    assertThat(faithfulness.faithfulness().ciLow()).isNotNaN();
  }

  @Test
  void partsTakenOutAreComparedWithTheModel() {
    ComputationGraph graph = runner.graph();
    List<Node> removed = List.of(new Node.Head(0, 1), new Node.Mlp(1));
    CircuitEvaluation.Completeness whole =
        evaluation.completeness(Circuit.full(graph), List.of(removed), GO).get(0);
    assertThat(whole.incompleteness().value()).isCloseTo(0, within(1e-6));
    Circuit part = CircuitRunnerTest.random(graph, 0.7, 1);
    CircuitEvaluation.Completeness some =
        evaluation.completeness(part, List.of(List.of(), removed), GO).get(1);
    double low = mean(Circuit.empty(graph));
    double high = mean(Circuit.full(graph));
    double ofPart = mean(part.without(removed.get(0)).without(removed.get(1)));
    double ofModel = mean(Circuit.full(graph).without(removed.get(0)).without(removed.get(1)));
    assertThat(some.circuit().value()).isCloseTo((ofPart - low) / (high - low), within(1e-5));
    assertThat(some.model().value()).isCloseTo((ofModel - low) / (high - low), within(1e-5));
    assertThat(some.incompleteness().value())
        .isCloseTo((ofPart - ofModel) / (high - low), within(1e-5));
  }

  @Test
  void eachPartIsTakenOutAlone() {
    ComputationGraph graph = runner.graph();
    Circuit part = CircuitRunnerTest.random(graph, 0.5, 4).without(new Node.Mlp(0));
    List<CircuitEvaluation.Necessity> all = evaluation.minimality(part, GO);
    assertThat(all).noneMatch(necessity -> necessity.node().equals(new Node.Mlp(0)));
    CircuitEvaluation.Necessity first = all.get(2);
    double range = mean(Circuit.full(graph)) - mean(Circuit.empty(graph));
    assertThat(first.drop().value())
        .isCloseTo((mean(part) - mean(part.without(first.node()))) / range, within(1e-5));
  }

  @Test
  void undefinedSharesAreRefused() {
    TokenIds tokens = RandomModels.tokens(4, 1);
    ContrastPair same = new ContrastPair(tokens, tokens, pair(4, 1).metric());
    CircuitEvaluation undefined =
        new CircuitEvaluation(runner(model, 4, same), Bootstrap.seeded(1));
    assertThatThrownBy(() -> undefined.faithfulness(Circuit.full(runner.graph()), GO))
        .hasMessageContaining("must differ between clean and corrupted");
  }
}
