package org.alignment4j.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of what depends on a head's whole distribution, against central differences. */
class HeadDistributionTest {

  private static Arguments use(String name, BiFunction<Ops, Value, Value> use) {
    return Arguments.of(name, use);
  }

  static Stream<Arguments> uses() {
    return Stream.of(
        use("entropies", (o, y) -> HeadDistribution.of(o, y).entropies()),
        use(
            "labels and entropies",
            (o, y) -> o.add(o.square(y), o.scale(HeadDistribution.of(o, y).entropies(), 0.7))),
        use("label logits", (o, y) -> HeadDistribution.of(o, y).labelLogits()),
        use("normalisers", (o, y) -> HeadDistribution.of(o, y).logNormalisers(1.7)),
        use("labels at another scale", (o, y) -> HeadDistribution.of(o, y).labelLogProbs(0.6)),
        use(
            "everything",
            (o, y) -> {
              HeadDistribution head = HeadDistribution.of(o, y);
              return o.add(o.mul(head.entropies(), y), o.square(head.labelLogProbs(1.3)));
            }));
  }

  private static GradientCheck head() {
    return new GradientCheck()
        .real("h", 4, 3)
        .real("w", 6, 3)
        .ints("l", new long[] {5, 0, 5, 2}, 4);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("uses")
  void tiedRows(String name, BiFunction<Ops, Value, Value> use) {
    head()
        .check(
            (o, in) ->
                use.apply(
                    o,
                    new Layers(o)
                        .linearLogProb(
                            o.add(in.get("h"), o.embed(in.get("w"), in.get("l"))),
                            in.get("w"),
                            null,
                            in.get("l"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("uses")
  void bias(String name, BiFunction<Ops, Value, Value> use) {
    head()
        .real("b", 6)
        .check(
            (o, in) ->
                use.apply(
                    o,
                    new Layers(o)
                        .linearLogProb(in.get("h"), in.get("w"), in.get("b"), in.get("l"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("uses")
  void cap(String name, BiFunction<Ops, Value, Value> use) {
    head()
        .check(
            (o, in) ->
                use.apply(
                    o,
                    new Layers(o).cappedLinearLogProb(in.get("h"), in.get("w"), in.get("l"), 1.7)));
  }

  /** Nothing is emitted for what nobody asks for. */
  @Test
  void costsNothingUnasked() {
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    Value y =
        new Layers(ops)
            .linearLogProb(
                graph.parameter("h", Shape.of(4, 3), true),
                graph.parameter("w", Shape.of(6, 3), true),
                null,
                graph.input("l", ElementType.INT64, Shape.of(4)));
    int before = graph.nodes().size();
    HeadDistribution head = HeadDistribution.of(ops, y);
    assertThat(graph.nodes()).hasSize(before);
    assertThat(graph.inputs()).hasSize(3);
    assertThat(head.entropies().shape()).isEqualTo(Shape.of(4));
  }

  @Test
  void otherValuesHaveNoDistribution() {
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    Value scores = graph.parameter("scores", Shape.of(4), true);
    assertThatThrownBy(() -> HeadDistribution.of(ops, scores))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("that a head gave for its labels but was");
  }
}
