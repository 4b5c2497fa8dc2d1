package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A subset of the edges of a computation graph. In a run of it, each edge inside carries what its
 * source writes in that run, and each outside what the source writes in the corrupted one.
 * Immutable; compared by graph and edges.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Circuit {

  private final ComputationGraph graph;
  private final BitSet inside;

  private Circuit(ComputationGraph graph, BitSet inside) {
    this.graph = graph;
    this.inside = inside;
  }

  /**
   * Returns the circuit of every edge.
   *
   * @param graph the graph
   * @return the whole graph
   */
  public static Circuit full(ComputationGraph graph) {
    return of(graph, graph.edges());
  }

  /**
   * Returns the circuit without edges.
   *
   * @param graph the graph
   * @return nothing of it
   */
  public static Circuit empty(ComputationGraph graph) {
    return new Circuit(graph, new BitSet());
  }

  /**
   * Returns a circuit.
   *
   * @param graph the graph
   * @param edges edges of it
   * @return the circuit
   * @throws IllegalArgumentException when an edge is none of the graph's
   */
  public static Circuit of(ComputationGraph graph, Collection<Edge> edges) {
    BitSet inside = new BitSet();
    edges.forEach(edge -> inside.set(graph.index(edge)));
    return new Circuit(Objects.requireNonNull(graph, "graph"), inside);
  }

  /**
   * Returns the graph that this is part of.
   *
   * @return the graph
   */
  public ComputationGraph graph() {
    return graph;
  }

  /**
   * Returns the edges, by port and then by source.
   *
   * @return the edges
   */
  public List<Edge> edges() {
    return graph.edges().stream().filter(this::contains).toList();
  }

  /**
   * Returns the number of edges.
   *
   * @return at least 0
   */
  public int size() {
    return inside.cardinality();
  }

  /**
   * Returns whether an edge is inside.
   *
   * @param edge an edge of the graph
   * @return true when it is
   * @throws IllegalArgumentException when it is none of the graph's
   */
  public boolean contains(Edge edge) {
    return inside.get(graph.index(edge));
  }

  boolean contains(int port, int source) {
    return inside.get(port * graph.sourceCount() + source);
  }

  /**
   * Returns this circuit with one more edge.
   *
   * @param edge an edge of the graph
   * @return the larger circuit
   * @throws IllegalArgumentException when it is none of the graph's
   */
  public Circuit with(Edge edge) {
    BitSet more = (BitSet) inside.clone();
    more.set(graph.index(edge));
    return new Circuit(graph, more);
  }

  /**
   * Returns this circuit without an edge.
   *
   * @param edge an edge of the graph
   * @return the smaller circuit
   * @throws IllegalArgumentException when it is none of the graph's
   */
  public Circuit without(Edge edge) {
    BitSet fewer = (BitSet) inside.clone();
    fewer.clear(graph.index(edge));
    return new Circuit(graph, fewer);
  }

  /**
   * Returns this circuit without what a part writes.
   *
   * @param source the part
   * @return the smaller circuit
   * @throws IllegalArgumentException when the graph has no such source
   */
  public Circuit without(Node source) {
    BitSet fewer = (BitSet) inside.clone();
    int column = graph.index(source);
    for (int port = 0; port < graph.portCount(); port++) {
      fewer.clear(port * graph.sourceCount() + column);
    }
    return new Circuit(graph, fewer);
  }

  /**
   * Returns the parts with an edge in this circuit, in the order of the forward pass.
   *
   * @return the parts
   */
  public List<Node> nodes() {
    Set<Node> present = new HashSet<>();
    for (Edge edge : edges()) {
      present.add(edge.source());
      present.addAll(readers(edge.port()));
    }
    List<Node> ordered = new ArrayList<>(graph.sources());
    ordered.add(new Node.Logits());
    ordered.retainAll(present);
    return List.copyOf(ordered);
  }

  /**
   * Returns the parts of this circuit that an input belongs to. Of heads that share keys and values
   * these are the ones that write on an edge; all where none does.
   *
   * @param port the input
   * @return the parts, at least one
   * @throws IllegalArgumentException when the graph has no such port
   */
  public List<Node> readers(Port port) {
    graph.index(port);
    List<Node> owners = graph.owners(port);
    List<Node> writing = owners.stream().filter(this::writes).toList();
    return writing.isEmpty() ? owners : writing;
  }

  private boolean writes(Node node) {
    if (node instanceof Node.Logits) {
      return true;
    }
    int column = graph.index(node);
    for (int port = 0; port < graph.portCount(); port++) {
      if (contains(port, column)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns this circuit without edges that lie on no path from the input to the logits.
   *
   * @return the pruned circuit; empty when there is no such path
   */
  public Circuit pruned() {
    List<Edge> edges = edges();
    Set<Node> reached = new HashSet<>(List.of(new Node.Input()));
    for (Edge edge : edges) {
      // Ports stand in the order of the forward pass: a source's own inputs come before it.
      if (reached.contains(edge.source())) {
        reached.addAll(graph.owners(edge.port()));
      }
    }
    Set<Node> reaching = new HashSet<>(List.of(new Node.Logits()));
    for (int i = edges.size() - 1; i >= 0; i--) {
      if (graph.owners(edges.get(i).port()).stream().anyMatch(reaching::contains)) {
        reaching.add(edges.get(i).source());
      }
    }
    return of(
        graph,
        edges.stream()
            .filter(
                edge ->
                    reached.contains(edge.source())
                        && graph.owners(edge.port()).stream().anyMatch(reaching::contains))
            .toList());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Circuit that && graph.equals(that.graph) && inside.equals(that.inside);
  }

  @Override
  public int hashCode() {
    return Objects.hash(graph, inside);
  }

  @Override
  public String toString() {
    return "circuit of " + size() + " of " + graph.edges().size() + " edges";
  }
}
