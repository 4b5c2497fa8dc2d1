package org.alignment4j.runtime.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One vector-Jacobian product per operator against central differences in float64. */
class GradientsTest {

  private static Arguments unary(String name, BiFunction<Ops, Value, Value> f) {
    return Arguments.of(name, f);
  }

  static Stream<Arguments> unaries() {
    return Stream.of(
        unary("neg", Ops::neg),
        unary("exp", Ops::exp),
        unary("tanh", Ops::tanh),
        unary("sigmoid", Ops::sigmoid),
        unary("relu", Ops::relu),
        unary("abs", Ops::abs),
        unary("square", Ops::square),
        unary("logSigmoid", Ops::logSigmoid),
        unary("clamp", (o, x) -> o.clamp(x, -0.7, 0.9)),
        unary("softmax", Ops::softmax),
        unary("logSoftmax", Ops::logSoftmax),
        unary("sum", (o, x) -> o.sum(x, 1)),
        unary("sumKeep", (o, x) -> o.sumKeep(x, 0, 2)),
        unary("meanLast", Ops::meanLast),
        unary("reshape", (o, x) -> o.reshape(x, Shape.of(6, 4))),
        unary("transpose", (o, x) -> o.transpose(x, 2, 0, 1)),
        unary("expand", (o, x) -> o.expand(o.sumKeep(x, 1), Shape.of(2, 5, 4))),
        unary("scale", (o, x) -> o.scale(x, -1.5)),
        unary("shift", (o, x) -> o.shift(x, 3)),
        unary("split", (o, x) -> o.mul(o.split(x, 2, 1, 3).get(1), o.split(x, 2, 1, 3).get(1))),
        unary(
            "splitBoth",
            (o, x) -> {
              List<Value> p = o.split(x, -1, 2, 2);
              return o.add(o.mul(p.get(0), p.get(1)), p.get(0));
            }),
        unary(
            "concat",
            (o, x) -> {
              List<Value> p = o.split(x, 2, 1, 3);
              return o.concat(2, Dim.of(4), o.exp(p.get(1)), p.get(0));
            }),
        unary("geluTanh", (o, x) -> new Layers(o).geluTanh(x)),
        unary("silu", (o, x) -> new Layers(o).silu(x)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unaries")
  void unaryOperator(String name, BiFunction<Ops, Value, Value> f) {
    new GradientCheck().real("x", 2, 3, 4).check((o, in) -> f.apply(o, in.get("x")));
  }

  @Test
  void logarithmAndRoot() {
    new GradientCheck()
        .range(0.5, 3)
        .real("x", 2, 3)
        .check((o, in) -> o.add(o.log(in.get("x")), o.sqrt(in.get("x"))));
  }

  static Stream<Arguments> binaries() {
    return Stream.of(
        Arguments.of("add", (Binary) Ops::add),
        Arguments.of("sub", (Binary) Ops::sub),
        Arguments.of("mul", (Binary) Ops::mul),
        Arguments.of("div", (Binary) Ops::div),
        Arguments.of("min", (Binary) Ops::min),
        Arguments.of("max", (Binary) Ops::max),
        Arguments.of(
            "where", (Binary) (o, a, b) -> o.where(o.compare("Less", a, b), a, o.scale(b, 2))));
  }

  interface Binary {
    Value apply(Ops ops, Value a, Value b);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("binaries")
  void binaryOperatorUnderBroadcasting(String name, Binary f) {
    for (long[][] shapes :
        new long[][][] {
          {{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{2, 1}, {2, 3}}, {{4, 2, 3}, {2, 1}}, {{}, {2, 3}}
        }) {
      new GradientCheck()
          .range(0.5, 2)
          .real("a", shapes[0])
          .real("b", shapes[1])
          .check((o, in) -> f.apply(o, in.get("a"), in.get("b")));
    }
  }

  @Test
  void matrixProducts() {
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        new GradientCheck()
            .real("a", ta ? new long[] {2, 1, 4, 3} : new long[] {2, 1, 3, 4})
            .real("b", tb ? new long[] {1, 5, 2, 4} : new long[] {1, 5, 4, 2})
            .check((o, in) -> o.matMul(in.get("a"), ta, in.get("b"), tb, 0.7));
      }
    }
    new GradientCheck()
        .real("a", 3, 4)
        .real("b", 4, 2)
        .check((o, in) -> o.matMul(in.get("a"), in.get("b")));
  }

  @Test
  void linearInBothLayouts() {
    for (boolean transposed : new boolean[] {false, true}) {
      new GradientCheck()
          .real("x", 5, 3)
          .real("w", transposed ? new long[] {4, 3} : new long[] {3, 4})
          .real("b", 4)
          .check(
              (o, in) -> new Layers(o).linear(in.get("x"), in.get("w"), in.get("b"), transposed));
    }
  }

  @Test
  void normalisations() {
    new GradientCheck()
        .real("x", 3, 6)
        .real("g", 6)
        .real("b", 6)
        .check((o, in) -> new Layers(o).layerNorm(in.get("x"), in.get("g"), in.get("b"), 1e-5));
    new GradientCheck()
        .real("x", 3, 6)
        .real("g", 6)
        .check((o, in) -> new Layers(o).rmsNorm(in.get("x"), in.get("g"), 1e-5));
  }

  @Test
  void rotary() {
    for (int dim : new int[] {8, 4}) {
      rotary(dim, false);
      rotary(dim, true);
    }
  }

  private static void rotary(int dim, boolean interleaved) {
    int half = dim / 2;
    double[] cos = new double[7 * half];
    double[] sin = new double[7 * half];
    for (int p = 0; p < 7; p++) {
      for (int i = 0; i < half; i++) {
        cos[p * half + i] = Math.cos(p * Math.pow(10, -i));
        sin[p * half + i] = Math.sin(p * Math.pow(10, -i));
      }
    }
    new GradientCheck()
        .real("x", 2, 2, 3, 8)
        .ints("p", new long[] {0, 1, 2, 4, 5, 6}, 2, 3)
        .check(
            (o, in) ->
                new Layers(o)
                    .rotary(
                        in.get("x"),
                        in.get("p"),
                        o.graph().constant(Shape.of(7, half), cos),
                        o.graph().constant(Shape.of(7, half), sin),
                        interleaved));
  }

  @Test
  void attentionWithGroupedHeadsAndMask() {
    double n = -1e9;
    double[] mask = {0, n, n, n, 0, 0, n, n, 0, n, 0, n, 0, 0, n, 0};
    new GradientCheck()
        .real("q", 2, 2, 3, 4, 5)
        .real("k", 2, 2, 1, 4, 5)
        .real("v", 2, 2, 1, 4, 5)
        .check(
            (o, in) ->
                new Layers(o)
                    .attention(
                        in.get("q"),
                        in.get("k"),
                        in.get("v"),
                        o.graph().constant(Shape.of(1, 1, 1, 4, 4), mask),
                        0.4));
  }

  @Test
  void attentionWithCappedScores() {
    double n = -1e9;
    double[] mask = {0, n, n, 0, 0, n, n, 0, 0};
    new GradientCheck()
        .real("q", 2, 2, 3, 4)
        .real("k", 2, 1, 3, 4)
        .real("v", 2, 1, 3, 4)
        .check(
            (o, in) ->
                new Layers(o)
                    .attention(
                        in.get("q"),
                        in.get("k"),
                        in.get("v"),
                        o.graph().constant(Shape.of(1, 1, 3, 3), mask),
                        0.6,
                        1.5));
  }

  @Test
  void sharesOfTheGreatest() {
    for (int count : new int[] {1, 2, 4}) {
      new GradientCheck()
          .real("x", 3, 4)
          .check((o, in) -> o.square(o.softmax(new Layers(o).greatest(in.get("x"), count))));
    }
  }

  @Test
  void softCap() {
    new GradientCheck()
        .real("x", 3, 4)
        .check((o, in) -> o.square(new Layers(o).softCap(in.get("x"), 0.8)));
  }

  @Test
  void cappedHeadLogProbabilitiesWithTiedRows() {
    new GradientCheck()
        .real("h", 4, 3)
        .real("w", 6, 3)
        .ints("l", new long[] {5, 0, 5, 2}, 4)
        .check(
            (o, in) ->
                new Layers(o)
                    .cappedLinearLogProb(
                        o.add(in.get("h"), o.embed(in.get("w"), in.get("l"))),
                        in.get("w"),
                        in.get("l"),
                        1.7));
  }

  @Test
  void headLogProbabilitiesWithTiedRows() {
    new GradientCheck()
        .real("h", 4, 3)
        .real("w", 6, 3)
        .ints("l", new long[] {5, 0, 5, 2}, 4)
        .check(
            (o, in) ->
                new Layers(o)
                    .linearLogProb(
                        o.add(in.get("h"), o.embed(in.get("w"), in.get("l"))),
                        in.get("w"),
                        null,
                        in.get("l")));
  }

  @Test
  void headLogProbabilitiesWithBias() {
    new GradientCheck()
        .real("h", 4, 3)
        .real("w", 6, 3)
        .real("b", 6)
        .ints("l", new long[] {5, 0, 5, 2}, 4)
        .check(
            (o, in) ->
                new Layers(o).linearLogProb(in.get("h"), in.get("w"), in.get("b"), in.get("l")));
  }

  @Test
  void gatherRowsWithRepeats() {
    new GradientCheck()
        .real("a", 4, 3)
        .ints("rows", new long[] {1, 3, 1}, 3)
        .ints("inverse", new long[] {3, 0, 3, 1, 3, 2, 3, 3}, 2, 4)
        .check((o, in) -> o.square(o.gatherRows(in.get("a"), in.get("rows"), in.get("inverse"))));
  }

  @Test
  void lossMustBeAScalarThatDependsOnSomethingTrainable() {
    Graph g = new Graph(ElementType.DOUBLE);
    Value x = g.parameter("x", Shape.of(2), true);
    assertThatThrownBy(() -> Gradients.of(g, x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scalar");
    Value frozen = g.parameter("y", Shape.scalar(), false);
    assertThatThrownBy(() -> Gradients.of(g, frozen))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trainable");
    assertThatThrownBy(() -> Shape.broadcast(Shape.of(2, 3), Shape.of(2)))
        .hasMessageContaining("do not broadcast");
  }
}
