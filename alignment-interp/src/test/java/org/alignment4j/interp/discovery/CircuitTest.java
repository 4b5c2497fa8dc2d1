package org.alignment4j.interp.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CircuitTest {

  private static final ComputationGraph SMALL = new ComputationGraph(2, 2, 2, false);
  private static final ComputationGraph GROUPED = new ComputationGraph(3, 4, 2, false);

  private static boolean leads(Circuit circuit, Node from, Node to, Set<Node> seen) {
    if (from.equals(to)) {
      return true;
    }
    if (!seen.add(from)) {
      return false;
    }
    return circuit.edges().stream()
        .filter(edge -> edge.source().equals(from))
        .flatMap(edge -> circuit.graph().owners(edge.port()).stream())
        .anyMatch(next -> leads(circuit, next, to, seen));
  }

  @Test
  void edgesAreThoseOfTheLiterature() {
    // Per layer: ports times sources before them (Conmy et al. 2023; GPT-2 small has 32491).
    assertThat(new ComputationGraph(12, 12, 12, false).edges()).hasSize(32491);
    assertThat(SMALL.edges()).hasSize(6 + 3 + 6 * 4 + 6 + 7);
    assertThat(new ComputationGraph(2, 2, 2, true).edges()).hasSize(6 + 1 + 6 * 4 + 4 + 7);
    assertThat(SMALL.edges().get(0)).hasToString("input->a0.h0<q>");
    assertThat(SMALL.sources()).hasToString("[input, a0.h0, a0.h1, m0, a1.h0, a1.h1, m1]");
    for (ComputationGraph graph : List.of(SMALL, GROUPED)) {
      for (int i = 0; i < graph.sources().size(); i++) {
        assertThat(graph.index(graph.sources().get(i))).isEqualTo(i);
      }
      for (int i = 0; i < graph.ports().size(); i++) {
        assertThat(graph.index(graph.ports().get(i))).isEqualTo(i);
      }
    }
  }

  @Test
  void pruningKeepsWhatLiesOnAPath() {
    for (int seed = 0; seed < 40; seed++) {
      for (ComputationGraph graph : List.of(SMALL, GROUPED)) {
        Circuit circuit = CircuitRunnerTest.random(graph, 0.08 + 0.005 * seed, seed);
        Circuit pruned = circuit.pruned();
        for (Edge edge : circuit.edges()) {
          boolean onPath =
              leads(circuit, new Node.Input(), edge.source(), new HashSet<>())
                  && graph.owners(edge.port()).stream()
                      .anyMatch(node -> leads(circuit, node, new Node.Logits(), new HashSet<>()));
          assertThat(pruned.contains(edge)).as("%s", edge).isEqualTo(onPath);
        }
        assertThat(pruned.pruned()).isEqualTo(pruned);
      }
    }
    assertThat(Circuit.full(GROUPED).pruned()).isEqualTo(Circuit.full(GROUPED));
    assertThat(Circuit.empty(GROUPED).pruned().size()).isEqualTo(0);
  }

  @Test
  void partsAreTakenOut() {
    Circuit full = Circuit.full(SMALL);
    Node head = new Node.Head(0, 1);
    Circuit without = full.without(head);
    assertThat(without.edges()).noneMatch(edge -> edge.source().equals(head));
    assertThat(full.size() - without.size()).isEqualTo(1 + 6 + 1 + 1);
    assertThat(full.nodes()).hasSize(8);
    Edge edge = full.edges().get(3);
    assertThat(full.without(edge).with(edge)).isEqualTo(full).hasSameHashCodeAs(full);
    assertThat(full.without(edge).contains(edge)).isFalse();
    assertThat(full).hasToString("circuit of 46 of 46 edges");
    Circuit shared = Circuit.of(GROUPED, List.of(new Edge(head, new Port(Port.Kind.KEY, 1, 1))));
    Node third = new Node.Head(1, 3);
    assertThat(shared.nodes()).containsExactly(head, new Node.Head(1, 2), third);
    assertThat(shared.with(new Edge(third, new Port(Port.Kind.LOGITS, -1, -1))).nodes())
        .containsExactly(head, third, new Node.Logits());
  }

  @Test
  void wrongRequestsAreRefused() {
    assertThatThrownBy(() -> new ComputationGraph(1, 4, 3, false))
        .hasMessageContaining("key and value heads divide the heads");
    assertThatThrownBy(() -> Circuit.full(SMALL).without(new Node.Head(0, 2)))
        .hasMessageContaining("sources must be of");
    assertThatThrownBy(() -> Circuit.full(SMALL).without(new Node.Logits()))
        .hasMessageContaining("sources must be of");
    Edge backward = new Edge(new Node.Mlp(1), new Port(Port.Kind.MLP, 0, -1));
    assertThatThrownBy(() -> Circuit.of(SMALL, List.of(backward)))
        .hasMessageContaining("an edge must lead forward but m1->m0 does not");
    Edge nowhere = new Edge(new Node.Input(), new Port(Port.Kind.KEY, 0, 2));
    assertThatThrownBy(() -> Circuit.of(SMALL, List.of(nowhere)))
        .hasMessageContaining("ports must be of");
  }
}
