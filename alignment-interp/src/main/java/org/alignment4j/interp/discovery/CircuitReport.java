package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.apiguardian.api.API;

/** Draws circuits. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CircuitReport {

  private CircuitReport() {}

  /**
   * Returns a drawing of a circuit: the input at the bottom, the logits on top, edges as wide as
   * their scores.
   *
   * @param circuit the circuit
   * @param scores scores of its graph's edges
   * @return a section of a report
   * @throws IllegalArgumentException when the scores are of another graph
   */
  public static Section.Charts section(Circuit circuit, EdgeScores scores) {
    if (!scores.graph().equals(circuit.graph())) {
      throw new IllegalArgumentException(
          "scores must be of the circuit's " + circuit.graph() + " but are of " + scores.graph());
    }
    ComputationGraph graph = circuit.graph();
    List<Chart.Node> nodes =
        circuit.nodes().stream()
            .map(node -> new Chart.Node(node.toString(), level(graph, node)))
            .toList();
    List<Chart.Edge> edges = new ArrayList<>();
    for (Edge edge : circuit.edges()) {
      for (Node owner : circuit.readers(edge.port())) {
        edges.add(
            new Chart.Edge(
                edge.source().toString(), owner.toString(), scores.score(edge), edge.toString()));
      }
    }
    String note =
        "width: estimated change of the metric when the edge is corrupted; orange: corrupting lowers"
            + " it, blue: raises it; by "
            + scores.method()
            + "; "
            + circuit
            + "; model "
            + scores.modelId();
    return new Section.Charts(
        "Circuit", List.of(new Chart.Graph("Edges of the circuit", nodes, edges)), note);
  }

  private static int level(ComputationGraph graph, Node node) {
    if (node instanceof Node.Head head) {
      return 1 + 2 * head.layer();
    }
    if (node instanceof Node.Mlp mlp) {
      return 2 + 2 * mlp.layer();
    }
    return node instanceof Node.Input ? 0 : 1 + 2 * graph.layers();
  }
}
