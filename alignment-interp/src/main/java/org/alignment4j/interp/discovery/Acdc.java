package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.interp.patch.ContrastPair;
import org.apiguardian.api.API;

/**
 * Automatic circuit discovery (Conmy et al. 2023, algorithm 1): inputs are visited from the logits
 * to the first layer, and each edge into one is corrupted for good when that raises {@code KL(full
 * || circuit)} of the next token at the last position, averaged over pairs, by less than a
 * threshold. Inputs of parts whose every outgoing edge is gone lose theirs without a run. The same
 * order gives the same circuit.
 *
 * @param threshold what a removal may add to the divergence, in nats; NaN is refused
 * @param absolute whether the change counts without its sign
 * @param order in which the edges into one input are tried
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Acdc(double threshold, boolean absolute, Order order) {

  /** An order of the edges into one input. */
  public enum Order {
    /** Sources in the order of the forward pass. */
    FORWARD,
    /** The last source first. */
    REVERSE,
    /** Shuffled by the generator given. */
    RANDOM
  }

  /**
   * What became of an edge.
   *
   * @param edge the edge
   * @param before the divergence before it was tried, in nats
   * @param after the divergence without it; equal to {@code before} where no run was needed
   * @param removed whether it was removed
   * @param orphaned whether it was removed without a run, its reader having no outgoing edge
   */
  public record Step(Edge edge, double before, double after, boolean removed, boolean orphaned) {}

  /**
   * What was found.
   *
   * @param modelId the model
   * @param corruption what removed edges carried
   * @param settings how it was found
   * @param circuit what was left
   * @param divergence its divergence from the full graph, in nats
   * @param steps what became of each edge, in order
   */
  public record Result(
      String modelId,
      Corruption corruption,
      Acdc settings,
      Circuit circuit,
      double divergence,
      List<Step> steps) {
    /** Copies the steps. */
    public Result {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the threshold is NaN
   */
  public Acdc {
    Objects.requireNonNull(order, "order");
    if (Double.isNaN(threshold)) {
      throw new IllegalArgumentException("threshold must be a number but was NaN");
    }
  }

  /**
   * Finds a circuit.
   *
   * @param runner the model, its pairs and what corrupts them; their metrics are not used
   * @param random shuffles the edges where the order is {@link Order#RANDOM}
   * @param cancellation asks to stop between edges
   * @return the circuit and how it came about
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public Result run(CircuitRunner runner, RandomGenerator random, CancellationToken cancellation) {
    ComputationGraph graph = runner.graph();
    List<LogitMetric> metrics = divergences(runner, cancellation);
    Circuit circuit = Circuit.full(graph);
    double present = mean(runner, circuit, metrics, cancellation);
    List<Step> steps = new ArrayList<>();
    Set<Node> read = new HashSet<>(Set.of(new Node.Logits()));
    List<Port> ports = new ArrayList<>(graph.ports());
    Collections.reverse(ports);
    for (Port port : ports) {
      boolean orphaned = graph.owners(port).stream().noneMatch(read::contains);
      for (Node source : ordered(graph, port, random)) {
        cancellation.throwIfCancelled("the search for a circuit");
        Edge edge = new Edge(source, port);
        Circuit smaller = circuit.without(edge);
        double after = orphaned ? present : mean(runner, smaller, metrics, cancellation);
        double change = absolute ? Math.abs(after - present) : after - present;
        boolean removed = orphaned || change < threshold;
        steps.add(new Step(edge, present, after, removed, orphaned));
        if (removed) {
          circuit = smaller;
          present = after;
        } else {
          read.add(source);
        }
      }
    }
    return new Result(runner.model().id(), runner.corruption(), this, circuit, present, steps);
  }

  private List<Node> ordered(ComputationGraph graph, Port port, RandomGenerator random) {
    List<Node> sources = new ArrayList<>(graph.sources().subList(0, graph.sourcesBefore(port)));
    if (order == Order.REVERSE) {
      Collections.reverse(sources);
    } else if (order == Order.RANDOM) {
      Collections.shuffle(sources, new Random(random.nextLong()));
    }
    return sources;
  }

  private static List<LogitMetric> divergences(
      CircuitRunner runner, CancellationToken cancellation) {
    List<LogitMetric> metrics = new ArrayList<>();
    for (ContrastPair pair : runner.pairs()) {
      float[] logits = runner.model().forward(pair.clean()).execute(cancellation).logits(0, -1);
      metrics.add(LogitMetric.divergenceFrom(logits));
    }
    return metrics;
  }

  private static double mean(
      CircuitRunner runner,
      Circuit circuit,
      List<LogitMetric> metrics,
      CancellationToken cancellation) {
    double[] each = runner.metrics(List.of(circuit), metrics, cancellation).get(0);
    return Arrays.stream(each).average().orElseThrow();
  }
}
