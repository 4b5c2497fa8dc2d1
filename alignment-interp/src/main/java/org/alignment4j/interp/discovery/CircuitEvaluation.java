package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.patch.PatchEffects;
import org.apiguardian.api.API;

/**
 * How much of a behaviour a circuit is. {@code F(C) = (M(C) - M(corrupted)) / (M(clean) -
 * M(corrupted))}, a ratio of means over pairs, 1 for the full graph and 0 for the empty one.
 *
 * @param runner the model, its pairs and what corrupts them
 * @param bootstrap the intervals, over pairs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CircuitEvaluation(CircuitRunner runner, Bootstrap bootstrap) {

  /**
   * How faithful a circuit is.
   *
   * @param modelId the model
   * @param corruption what edges outside carried
   * @param edges edges of the circuit
   * @param share of the graph's edges
   * @param faithfulness {@code F(C)}
   * @param circuit the metric of the circuit
   * @param clean the metric of the full graph
   * @param corrupted the metric of the empty one
   */
  public record Faithfulness(
      String modelId,
      Corruption corruption,
      int edges,
      double share,
      Estimate faithfulness,
      Estimate circuit,
      Estimate clean,
      Estimate corrupted) {

    /**
     * Returns the figures as a table.
     *
     * @return one row
     */
    public Table toTable() {
      return Table.of("edges", "share of edges", "faithfulness", "circuit", "clean", "corrupted")
          .row(
              Cell.count(edges),
              Cell.number(share, 4),
              Cell.figure(faithfulness),
              Cell.figure(circuit),
              Cell.figure(clean),
              Cell.figure(corrupted));
    }
  }

  /**
   * Whether a circuit lacks something, seen with some parts taken out (Wang et al. 2022, section
   * 4.2).
   *
   * @param removed the parts K
   * @param circuit {@code F(C without K)}
   * @param model {@code F(M without K)} of the full graph
   * @param incompleteness the difference of the two; near 0 for a complete circuit
   */
  public record Completeness(
      List<Node> removed, Estimate circuit, Estimate model, Estimate incompleteness) {}

  /**
   * What one part of a circuit is needed for (Wang et al. 2022, section 4.3, with nothing else
   * taken out).
   *
   * @param node the part
   * @param drop {@code F(C) - F(C without the part)}
   */
  public record Necessity(Node node, Estimate drop) {}

  /**
   * Measures how much of the behaviour a circuit keeps.
   *
   * @param circuit the circuit
   * @param cancellation asks to stop between batches
   * @return the faithfulness
   * @throws IllegalArgumentException when clean and corrupted metric are equal
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public Faithfulness faithfulness(Circuit circuit, CancellationToken cancellation) {
    Ends ends = ends(cancellation);
    double[] metric = runner.metric(circuit, cancellation);
    double level = bootstrap.confidence();
    return new Faithfulness(
        runner.model().id(),
        runner.corruption(),
        circuit.size(),
        (double) circuit.size() / runner.graph().edges().size(),
        ends.share(metric, ends.corrupted()),
        Estimates.mean(metric, level),
        Estimates.mean(ends.clean(), level),
        Estimates.mean(ends.corrupted(), level));
  }

  /**
   * Compares circuit and model with the same parts taken out.
   *
   * @param circuit the circuit
   * @param removals sets of parts
   * @param cancellation asks to stop between batches
   * @return one for each set
   * @throws IllegalArgumentException when clean and corrupted metric are equal, or a part is none
   *     of the graph's sources
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<Completeness> completeness(
      Circuit circuit, List<List<Node>> removals, CancellationToken cancellation) {
    Ends ends = ends(cancellation);
    List<Circuit> circuits = new ArrayList<>();
    for (List<Node> removed : removals) {
      circuits.add(without(circuit, removed));
      circuits.add(without(Circuit.full(runner.graph()), removed));
    }
    List<double[]> metrics = runner.metrics(circuits, cancellation);
    List<Completeness> results = new ArrayList<>();
    for (int i = 0; i < removals.size(); i++) {
      double[] ofCircuit = metrics.get(2 * i);
      double[] ofModel = metrics.get(2 * i + 1);
      results.add(
          new Completeness(
              List.copyOf(removals.get(i)),
              ends.share(ofCircuit, ends.corrupted()),
              ends.share(ofModel, ends.corrupted()),
              ends.share(ofCircuit, ofModel)));
    }
    return results;
  }

  /**
   * Measures what each part of a circuit is needed for; a circuit is minimal when all are.
   *
   * @param circuit the circuit
   * @param cancellation asks to stop between batches
   * @return one for each part that writes on an edge of the circuit, in the order of the forward
   *     pass
   * @throws IllegalArgumentException when clean and corrupted metric are equal
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<Necessity> minimality(Circuit circuit, CancellationToken cancellation) {
    Ends ends = ends(cancellation);
    List<Node> nodes =
        runner.graph().sources().stream()
            .filter(source -> circuit.edges().stream().anyMatch(e -> e.source().equals(source)))
            .toList();
    List<Circuit> circuits = new ArrayList<>();
    circuits.add(circuit);
    nodes.forEach(node -> circuits.add(circuit.without(node)));
    List<double[]> metrics = runner.metrics(circuits, cancellation);
    List<Necessity> results = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      results.add(new Necessity(nodes.get(i), ends.share(metrics.get(0), metrics.get(i + 1))));
    }
    return results;
  }

  private static Circuit without(Circuit circuit, List<Node> removed) {
    Circuit smaller = circuit;
    for (Node node : removed) {
      smaller = smaller.without(node);
    }
    return smaller;
  }

  private Ends ends(CancellationToken cancellation) {
    ComputationGraph graph = runner.graph();
    List<double[]> both =
        runner.metrics(List.of(Circuit.full(graph), Circuit.empty(graph)), cancellation);
    PatchEffects.requireContrast(both.get(0), both.get(1));
    return new Ends(both.get(0), both.get(1), bootstrap);
  }

  private record Ends(double[] clean, double[] corrupted, Bootstrap bootstrap) {

    Estimate share(double[] of, double[] from) {
      return PatchEffects.ratio(minus(of, from), minus(clean, corrupted), bootstrap);
    }

    private static double[] minus(double[] a, double[] b) {
      double[] result = a.clone();
      for (int i = 0; i < result.length; i++) {
        result[i] -= b[i];
      }
      return result;
    }
  }
}
