package org.alignment4j.interp.discovery;

import static org.alignment4j.interp.discovery.CircuitRunnerTest.GO;
import static org.alignment4j.interp.discovery.CircuitRunnerTest.pair;
import static org.alignment4j.interp.discovery.CircuitRunnerTest.runner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancelledException;
import org.alignment4j.interp.NaiveGpt2;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AcdcTest {

  private static DecoderModel model;
  private static CircuitRunner runner;

  @BeforeAll
  static void load() {
    model = RandomModels.create("gpt2");
    runner = runner(model, 8, pair(5, 1), pair(4, 2));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Acdc.Result run(double threshold, Acdc.Order order, int seed) {
    return new Acdc(threshold, false, order).run(runner, new Random(seed), GO);
  }

  private static double[] logSoftmax(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(x -> Math.exp(x - largest)).sum();
    return Arrays.stream(logits).map(x -> x - largest - Math.log(sum)).toArray();
  }

  /** The mean divergence of a circuit from the full graph in loops over doubles. */
  private static double divergence(Circuit circuit) {
    NaiveGpt2 naive = new NaiveGpt2(model);
    double sum = 0;
    for (ContrastPair pair : runner.pairs()) {
      int last = pair.length() - 1;
      double[] full = logSoftmax(naive.run(pair.clean().toArray()).logits()[last]);
      double[] part =
          logSoftmax(
              naive.run(
                      pair.clean().toArray(),
                      naive.run(pair.corrupted().toArray()).sources(),
                      CircuitRunnerTest.outside(circuit),
                      (l, p, h, t) -> null)
                  .logits()[last]);
      for (int i = 0; i < full.length; i++) {
        sum += Math.exp(full[i]) * (full[i] - part[i]) / runner.pairs().size();
      }
    }
    return sum;
  }

  @Test
  void thresholdsKeepAndRemove() {
    Acdc.Result all = run(Double.NEGATIVE_INFINITY, Acdc.Order.REVERSE, 1);
    assertThat(all.circuit()).isEqualTo(Circuit.full(runner.graph()));
    assertThat(all.divergence()).isCloseTo(0, within(1e-5));
    Acdc.Result none = run(Double.POSITIVE_INFINITY, Acdc.Order.REVERSE, 1);
    assertThat(none.circuit()).isEqualTo(Circuit.empty(runner.graph()));
    assertThat(none.divergence()).isCloseTo(divergence(none.circuit()), within(1e-4));
    assertThat(none.steps().stream().filter(step -> !step.orphaned()))
        .hasSize(runner.graph().sourceCount());
  }

  @Test
  void removalsStayBelowTheThreshold() {
    Acdc.Result result = run(0.005, Acdc.Order.REVERSE, 1);
    assertThat(result.circuit().size()).isBetween(1, runner.graph().edges().size() - 1);
    Circuit circuit = Circuit.full(runner.graph());
    int checked = 0;
    for (Acdc.Step step : result.steps()) {
      assertThat(step.removed()).isEqualTo(step.orphaned() || step.after() - step.before() < 0.005);
      Circuit smaller = circuit.without(step.edge());
      if (!step.orphaned() && checked++ % 25 == 0) {
        assertThat(step.after()).as("%s", step.edge()).isCloseTo(divergence(smaller), within(1e-4));
      }
      circuit = step.removed() ? smaller : circuit;
    }
    assertThat(circuit).isEqualTo(result.circuit());
    assertThat(result.steps()).hasSize(runner.graph().edges().size());
    assertThat(result.divergence()).isCloseTo(divergence(circuit), within(1e-4));
    for (Edge edge : result.circuit().edges()) {
      boolean leadsOn =
          edge.port().kind() == Port.Kind.LOGITS
              || result.circuit().edges().stream()
                  .anyMatch(e -> runner.graph().owners(edge.port()).contains(e.source()));
      assertThat(leadsOn).isTrue();
    }
  }

  @Test
  void ordersAreDeterministic() {
    Acdc.Result one = run(0.01, Acdc.Order.RANDOM, 3);
    Acdc.Result again = run(0.01, Acdc.Order.RANDOM, 3);
    assertThat(again).isEqualTo(one);
    assertThat(run(0.01, Acdc.Order.FORWARD, 1).steps().get(0).edge()).hasToString("input->logits");
    assertThat(run(0.01, Acdc.Order.REVERSE, 1).steps().get(0).edge()).hasToString("m2->logits");
  }

  @Test
  void anAbsoluteChangeKeepsWhatLowersTheDivergenceToo() {
    Acdc.Result result = new Acdc(1e-3, true, Acdc.Order.REVERSE).run(runner, new Random(1), GO);
    int lowered = 0;
    for (Acdc.Step step : result.steps()) {
      if (!step.orphaned()) {
        double change = step.after() - step.before();
        assertThat(step.removed()).as("%s", step).isEqualTo(Math.abs(change) < 1e-3);
        lowered += change < -1e-3 ? 1 : 0;
      }
    }
    assertThat(lowered).as("edges kept for their sign").isPositive();
  }

  @Test
  void aRandomOrderIsShuffledBySeedWithinEachInput() {
    List<String> orders = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      orders.add(edges(run(Double.POSITIVE_INFINITY, Acdc.Order.RANDOM, seed)).toString());
    }
    orders.add(edges(run(Double.POSITIVE_INFINITY, Acdc.Order.FORWARD, 1)).toString());
    orders.add(edges(run(Double.POSITIVE_INFINITY, Acdc.Order.REVERSE, 1)).toString());
    assertThat(orders).doesNotHaveDuplicates();
    List<Edge> forward = edges(run(Double.POSITIVE_INFINITY, Acdc.Order.FORWARD, 1));
    List<Edge> shuffled = edges(run(Double.POSITIVE_INFINITY, Acdc.Order.RANDOM, 1));
    assertThat(shuffled).containsExactlyInAnyOrderElementsOf(forward);
    assertThat(shuffled.stream().map(Edge::port).toList())
        .isEqualTo(forward.stream().map(Edge::port).toList());
  }

  private static List<Edge> edges(Acdc.Result result) {
    return result.steps().stream().map(Acdc.Step::edge).toList();
  }

  @Test
  void wrongRequestsAreRefused() {
    assertThatThrownBy(() -> new Acdc(Double.NaN, true, Acdc.Order.FORWARD))
        .hasMessageContaining("threshold must be a number");
    assertThatThrownBy(
            () -> new Acdc(1, true, Acdc.Order.FORWARD).run(runner, new Random(1), () -> true))
        .isInstanceOf(CancelledException.class);
  }
}
