package org.alignment4j.interp.discovery;

import static org.alignment4j.interp.discovery.CircuitRunnerTest.GO;
import static org.alignment4j.interp.discovery.CircuitRunnerTest.difference;
import static org.alignment4j.interp.discovery.CircuitRunnerTest.pair;
import static org.alignment4j.interp.discovery.CircuitRunnerTest.runner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.interp.NaiveGpt2;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.discovery.ScoreMethod.Endpoints;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EdgeAttributionTest {

  private static final double STEP = 1e-4;
  private static DecoderModel gpt2;

  @BeforeAll
  static void load() {
    gpt2 = RandomModels.create("gpt2");
  }

  @AfterAll
  static void close() {
    gpt2.close();
  }

  private static EdgeScores score(CircuitRunner runner, ScoreMethod method) {
    return EdgeAttribution.score(runner, method, GO);
  }

  private static void assertSame(EdgeScores a, EdgeScores b, double tolerance) {
    for (Edge edge : a.graph().edges()) {
      assertThat(a.score(edge)).as("%s", edge).isCloseTo(b.score(edge), within(tolerance));
    }
  }

  /** The slope of the metric in one edge when some sources are moved, in loops over doubles. */
  private static double slope(
      NaiveGpt2 naive, ContrastPair pair, ComputationGraph graph, Edge edge, double[] moved) {
    double[][][] clean = naive.run(pair.clean().toArray()).sources();
    double[][][] corrupted = naive.run(pair.corrupted().toArray()).sources();
    double[][] share = new double[graph.portCount()][graph.sourceCount()];
    for (double[] port : share) {
      System.arraycopy(moved, 0, port, 0, moved.length);
    }
    int source = graph.index(edge.source());
    int port = graph.index(edge.port());
    double[][][] other = corrupted.clone();
    if (moved[source] == 0) {
      double[][][] there =
          naive.run(pair.clean().toArray(), corrupted, share, (l, p, h, t) -> null).sources();
      other[source] = new double[clean[0].length][naive.width];
      for (int t = 0; t < clean[0].length; t++) {
        for (int i = 0; i < naive.width; i++) {
          other[source][t][i] = there[source][t][i] + corrupted[source][t][i] - clean[source][t][i];
        }
      }
    }
    double[] ends = new double[2];
    for (int side = 0; side < 2; side++) {
      double before = share[port][source];
      share[port][source] = before + (side == 0 ? -STEP : STEP);
      ends[side] =
          difference(naive.run(pair.clean().toArray(), other, share, (l, p, h, t) -> null));
      share[port][source] = before;
    }
    return (ends[1] - ends[0]) / (2 * STEP);
  }

  private static List<Edge> some(ComputationGraph graph, int every) {
    List<Edge> edges = graph.edges();
    List<Edge> some = new ArrayList<>();
    for (int i = 0; i < edges.size(); i += every) {
      some.add(edges.get(i));
    }
    some.add(edges.get(edges.size() - 1));
    return some;
  }

  @Test
  void eapIsTheSlopeAtTheCleanRun() {
    ContrastPair one = pair(5, 1);
    ContrastPair two = pair(4, 2);
    CircuitRunner runner = runner(gpt2, 8, one, two);
    EdgeScores scores = score(runner, new ScoreMethod.Eap());
    NaiveGpt2 naive = new NaiveGpt2(gpt2);
    double[] still = new double[runner.graph().sourceCount()];
    double largest = 0;
    for (Edge edge : some(runner.graph(), 9)) {
      double expected =
          (slope(naive, one, runner.graph(), edge, still)
                  + slope(naive, two, runner.graph(), edge, still))
              / 2;
      assertThat(scores.score(edge))
          .as("%s", edge)
          .isCloseTo(expected, within(1e-4 + 1e-3 * Math.abs(expected)));
      largest = Math.max(largest, Math.abs(expected));
    }
    assertThat(largest).isGreaterThan(0.01);
  }

  @Test
  void integratedGradientsAreSlopesAlongTheWay() {
    ContrastPair pair = pair(5, 1);
    CircuitRunner runner = runner(gpt2, 8, pair);
    ComputationGraph graph = runner.graph();
    NaiveGpt2 naive = new NaiveGpt2(gpt2);
    EdgeScores inputs = score(runner, new ScoreMethod.EapIgInputs(3, Endpoints.MIDPOINT));
    EdgeScores activations = score(runner, new ScoreMethod.EapIgActivations(3, Endpoints.LEFT));
    for (Edge edge : some(graph, 23)) {
      int source = graph.index(edge.source());
      double byInput = 0;
      double byActivation = 0;
      for (int k = 0; k < 3; k++) {
        double[] moved = new double[graph.sourceCount()];
        moved[0] = 1 - (k + 0.5) / 3;
        byInput += slope(naive, pair, graph, edge, moved) / 3;
        double[] own = new double[graph.sourceCount()];
        own[source] = 1 - k / 3.0;
        byActivation += slope(naive, pair, graph, edge, own) / 3;
      }
      assertThat(inputs.score(edge))
          .as("%s by input", edge)
          .isCloseTo(byInput, within(1e-4 + 2e-3 * Math.abs(byInput)));
      assertThat(activations.score(edge))
          .as("%s by activation", edge)
          .isCloseTo(byActivation, within(1e-4 + 2e-3 * Math.abs(byActivation)));
    }
  }

  @Test
  void exactScoresAreThoseOfLoopsOverDoubles() {
    ContrastPair pair = pair(5, 1);
    CircuitRunner runner = runner(gpt2, 16, pair);
    EdgeScores scores = score(runner, new ScoreMethod.Exact());
    NaiveGpt2 naive = new NaiveGpt2(gpt2);
    double[][][] corrupted = naive.run(pair.corrupted().toArray()).sources();
    double clean = difference(naive.run(pair.clean().toArray()));
    for (Edge edge : some(runner.graph(), 11)) {
      double[][] share = CircuitRunnerTest.outside(Circuit.full(runner.graph()).without(edge));
      for (int port = 0; port < share.length; port++) {
        for (int s = runner.graph().sourcesBefore(runner.graph().ports().get(port));
            s < share[port].length;
            s++) {
          share[port][s] = 0;
        }
      }
      double expected =
          difference(naive.run(pair.clean().toArray(), corrupted, share, (l, p, h, t) -> null))
              - clean;
      assertThat(scores.score(edge)).as("%s", edge).isCloseTo(expected, within(1e-4));
    }
  }

  @Test
  void agreesWithExactScoresAsCorruptionVanishes() {
    for (String name : List.of("gpt2", "llama", "neox")) {
      try (DecoderModel model = RandomModels.create(name)) {
        CircuitRunner whole = runner(model, 32, pair(5, 3));
        double near = disagreement(nearly(whole, 0.02f));
        double far = disagreement(whole);
        assertThat(near).as(name).isLessThan(0.02);
        assertThat(near).as(name).isLessThan(far / 5);
      }
    }
  }

  private static CircuitRunner nearly(CircuitRunner runner, float share) {
    float[] clean = runner.engine().sources(List.of(runner.pairs().get(0).clean())).get(0);
    float[] near = runner.corrupted().get(0).clone();
    for (int i = 0; i < near.length; i++) {
      near[i] = clean[i] + share * (near[i] - clean[i]);
    }
    return runner.withCorrupted(List.of(near));
  }

  private static double disagreement(CircuitRunner runner) {
    EdgeScores estimated = score(runner, new ScoreMethod.Eap());
    EdgeScores exact = score(runner, new ScoreMethod.Exact());
    double wrong = 0;
    double all = 0;
    for (Edge edge : runner.graph().edges()) {
      wrong += Math.abs(estimated.score(edge) - exact.score(edge));
      all += Math.abs(exact.score(edge));
    }
    return wrong / all;
  }

  @Test
  void inputsEdgesSumToTheWholeChange() {
    for (String name : List.of("gpt2", "llama")) {
      try (DecoderModel model = RandomModels.create(name)) {
        ContrastPair pair = pair(5, 3);
        CircuitRunner runner = runner(model, 32, pair);
        double sum = score(runner, ScoreMethod.eapIg(128)).nodeScores().get(new Node.Input());
        double change =
            model.forward(pair.corrupted()).measure(pair.metric()).metric()[0]
                - model.forward(pair.clean()).measure(pair.metric()).metric()[0];
        assertThat(sum).as(name).isCloseTo(change, within(0.01 * Math.abs(change) + 1e-3));
      }
    }
  }

  @Test
  void endpointsAndOrderAreAsDefined() {
    ContrastPair one = pair(5, 1);
    ContrastPair two = pair(5, 2);
    CircuitRunner runner = runner(gpt2, 8, one, two);
    assertSame(
        score(runner, new ScoreMethod.EapIgInputs(1, Endpoints.RIGHT)),
        score(runner, new ScoreMethod.Eap()),
        1e-6);
    assertSame(
        score(runner, new ScoreMethod.EapIgActivations(1, Endpoints.RIGHT)),
        score(runner, new ScoreMethod.Eap()),
        1e-5);
    assertSame(
        score(runner, new ScoreMethod.EapIgInputs(1, Endpoints.BOTH)),
        score(runner, new ScoreMethod.CleanCorrupted()),
        1e-6);
    assertSame(
        score(runner, ScoreMethod.eapIg(4)),
        score(runner(gpt2, 3, two, one), ScoreMethod.eapIg(4)),
        1e-5);
    assertThat(fractions(4, Endpoints.LEFT)).containsExactly(0, 0.25, 0.5, 0.75);
    assertThat(fractions(4, Endpoints.RIGHT)).containsExactly(0.25, 0.5, 0.75, 1);
    assertThat(fractions(2, Endpoints.MIDPOINT)).containsExactly(0.25, 0.75);
    assertThat(fractions(2, Endpoints.BOTH)).containsExactly(0, 0.5, 1);
    for (Endpoints endpoints : Endpoints.values()) {
      double[] squares = {0};
      ScoreMethod.steps(200, endpoints)
          .forEach(step -> squares[0] += step.weight() * step.clean() * step.clean());
      assertThat(squares[0]).isCloseTo(1 / 3.0, within(3e-3));
    }
    assertThatThrownBy(() -> ScoreMethod.eapIg(0)).hasMessageContaining("steps must be positive");
  }

  private static double[] fractions(int steps, Endpoints endpoints) {
    return ScoreMethod.steps(steps, endpoints).stream()
        .mapToDouble(ScoreMethod.Step::clean)
        .toArray();
  }

  @Test
  void metricsOfOtherFormsAndCorruptionsAreScored() {
    ContrastPair pair = pair(5, 1);
    ContrastPair likely =
        new ContrastPair(pair.clean(), pair.corrupted(), LogitMetric.logProbability(9));
    for (Corruption corruption : Corruption.values()) {
      CircuitRunner runner = CircuitRunner.of(gpt2, List.of(likely), corruption, 8, GO);
      EdgeScores scores = score(runner, ScoreMethod.eapIg(2));
      assertThat(scores.corruption()).isEqualTo(corruption);
      double[] all =
          runner.graph().edges().stream().mapToDouble(scores::score).map(Math::abs).toArray();
      assertThat(Arrays.stream(all).max().orElseThrow()).isGreaterThan(0.001);
    }
  }

  @Test
  void choicesFollowTheScores() {
    CircuitRunner runner = runner(gpt2, 8, pair(5, 1));
    EdgeScores scores = score(runner, new ScoreMethod.Eap());
    int edges = runner.graph().edges().size();
    Circuit top = scores.top(20);
    double least =
        top.edges().stream().mapToDouble(e -> Math.abs(scores.score(e))).min().orElseThrow();
    long above =
        runner.graph().edges().stream()
            .filter(edge -> Math.abs(scores.score(edge)) > least)
            .count();
    assertThat(top.size()).isEqualTo(20);
    assertThat(above).isEqualTo(19);
    Circuit greedy = scores.greedy(20);
    assertThat(greedy.size()).isEqualTo(20);
    for (Edge edge : greedy.edges()) {
      boolean leadsOn =
          runner.graph().owners(edge.port()).contains(new Node.Logits())
              || greedy.edges().stream()
                  .anyMatch(e -> runner.graph().owners(edge.port()).contains(e.source()));
      assertThat(leadsOn).as("%s", edge).isTrue();
    }
    assertThat(scores.greedy(edges)).isEqualTo(Circuit.full(runner.graph()));
    assertThat(scores.top(0).size()).isEqualTo(0);
    assertThat(scores.toTable(5).rows()).hasSize(5);
    assertThatThrownBy(() -> scores.top(edges + 1)).hasMessageContaining("must be in [0, " + edges);
    assertThatThrownBy(() -> scores.greedy(-1)).hasMessageContaining("but was -1");
    assertThat(CircuitReport.section(greedy, scores).charts()).hasSize(1);
  }
}
