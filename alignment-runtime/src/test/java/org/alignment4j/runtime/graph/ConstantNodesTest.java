package org.alignment4j.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConstantNodesTest {

  @Test
  void nodesOfConstantsOfConstants() {
    ConstantNodes nodes = new ConstantNodes();
    nodes.node("Add", List.of("c", "b"), List.of("d"));
    nodes.node("Mul", List.of("a", "b"), List.of("c"));
    nodes.node("Add", List.of("d", "input"), List.of("e"));
    nodes.node("Neg", List.of("e"), List.of("f"));
    nodes.node("Clip", List.of("d", "", "b"), List.of("g"));
    nodes.constant("a");
    nodes.constant("b");
    assertThat(nodes.count()).as("c, d, g").isEqualTo(3);
  }

  @Test
  void shapesOfInputsMayBeKnown() {
    ConstantNodes nodes = new ConstantNodes();
    nodes.node("Shape", List.of("input"), List.of("shape"));
    nodes.node("ConstantOfShape", List.of("shape"), List.of("zeros"));
    assertThat(nodes.count()).isEqualTo(2);
  }

  @Test
  void constantsOfTheFileAreNotComputed() {
    ConstantNodes nodes = new ConstantNodes();
    nodes.node("Constant", List.of(), List.of("a"));
    nodes.node("Neg", List.of("a"), List.of("b"));
    nodes.node("RandomNormal", List.of(), List.of("c"));
    assertThat(nodes.count()).as("b, c").isEqualTo(2);
  }

  @Test
  void circlesAreNeverComputed() {
    ConstantNodes nodes = new ConstantNodes();
    nodes.node("Neg", List.of("a"), List.of("b"));
    nodes.node("Neg", List.of("b"), List.of("a"));
    assertThat(nodes.count()).isZero();
  }
}
