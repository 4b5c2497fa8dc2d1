package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/**
 * A score of every edge: what the mean metric is estimated to change when the edge alone is
 * corrupted. An edge that a high metric depends on has a negative one. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EdgeScores {

  private final String modelId;
  private final ScoreMethod method;
  private final Corruption corruption;
  private final ComputationGraph graph;
  private final double[] values;

  EdgeScores(
      String modelId,
      ScoreMethod method,
      Corruption corruption,
      ComputationGraph graph,
      double[] values) {
    this.modelId = Objects.requireNonNull(modelId, "modelId");
    this.method = Objects.requireNonNull(method, "method");
    this.corruption = Objects.requireNonNull(corruption, "corruption");
    this.graph = Objects.requireNonNull(graph, "graph");
    this.values = values.clone();
  }

  /**
   * Returns the model.
   *
   * @return its id
   */
  public String modelId() {
    return modelId;
  }

  /**
   * Returns how edges were scored.
   *
   * @return the method
   */
  public ScoreMethod method() {
    return method;
  }

  /**
   * Returns what corrupted edges carried.
   *
   * @return the corruption
   */
  public Corruption corruption() {
    return corruption;
  }

  /**
   * Returns the graph of the edges.
   *
   * @return the graph
   */
  public ComputationGraph graph() {
    return graph;
  }

  /**
   * Returns an edge's score.
   *
   * @param edge an edge of the graph
   * @return the score, in the metric's unit
   * @throws IllegalArgumentException when it is none of the graph's
   */
  public double score(Edge edge) {
    return values[graph.index(edge)];
  }

  /**
   * Returns a score of each part that writes: the sum over its edges, which for gradients is what
   * the metric changes when all that it writes is corrupted.
   *
   * @return by part, in the order of the forward pass
   */
  public Map<Node, Double> nodeScores() {
    Map<Node, Double> sums = new LinkedHashMap<>();
    graph.sources().forEach(source -> sums.put(source, 0.0));
    graph.edges().forEach(edge -> sums.merge(edge.source(), score(edge), Double::sum));
    return sums;
  }

  /** Edges by descending absolute score; equal ones in the order of the graph. */
  private List<Edge> ranked() {
    List<Edge> edges = new ArrayList<>(graph.edges());
    edges.sort(Comparator.comparingDouble(edge -> -Math.abs(score(edge))));
    return edges;
  }

  /**
   * Returns the edges of largest absolute score.
   *
   * @param count how many, from 0 to all
   * @return the circuit, not pruned
   * @throws IllegalArgumentException when there are fewer edges
   */
  public Circuit top(int count) {
    requireCount(count);
    return Circuit.of(graph, ranked().subList(0, count));
  }

  /**
   * Returns a circuit grown from the logits (Hanna et al. 2024, section 3): again and again the
   * edge of largest absolute score is added that leads into a part already there.
   *
   * @param count how many edges, from 0 to all
   * @return the circuit, not pruned; every edge leads on to the logits
   * @throws IllegalArgumentException when there are fewer edges
   */
  public Circuit greedy(int count) {
    requireCount(count);
    List<Edge> ranked = ranked();
    Set<Node> present = new HashSet<>(Set.of(new Node.Logits()));
    List<Edge> chosen = new ArrayList<>();
    while (chosen.size() < count) {
      int next = 0;
      while (graph.owners(ranked.get(next).port()).stream().noneMatch(present::contains)) {
        next++;
      }
      Edge edge = ranked.remove(next);
      chosen.add(edge);
      present.add(edge.source());
    }
    return Circuit.of(graph, chosen);
  }

  private void requireCount(int count) {
    int edges = graph.edges().size();
    if (count < 0 || count > edges) {
      throw new IllegalArgumentException(
          "the number of edges must be in [0, " + edges + "] but was " + count);
    }
  }

  /**
   * Returns the edges of largest absolute score as a table.
   *
   * @param count at most how many
   * @return edge and score, largest first
   */
  public Table toTable(int count) {
    Table table = Table.of("edge", "score");
    for (Edge edge : ranked().subList(0, Math.min(count, graph.edges().size()))) {
      table = table.row(Cell.text(edge.toString()), Cell.number(score(edge), 5));
    }
    return table;
  }
}
