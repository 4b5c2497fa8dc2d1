package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/** The contrast of two tokens and the gate of pairs, in double precision. */
class CringeLossProperties {

  private static Map<String, double[]> contrast(double... leads) {
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    Value x = graph.parameter("leads", Shape.of(leads.length), true);
    Value losses = CringeLoss.contrast(ops, x);
    Value sum = ops.sumAll(losses);
    graph.output("losses", losses);
    graph.output("gradients", Gradients.of(graph, sum).dense(x).orElseThrow());
    Map<String, double[]> inputs = new LinkedHashMap<>();
    inputs.put("leads", leads);
    return DoubleGraph.run(graph, inputs);
  }

  /** Of the two logits as ParlAI writes it; their shift is free. */
  @Property(tries = 60)
  void itIsMinusTheLogarithmOfTheOthersShare(
      @ForAll @DoubleRange(min = -20, max = 20) double bad,
      @ForAll @DoubleRange(min = -20, max = 20) double other,
      @ForAll @DoubleRange(min = -300, max = 300) double shift) {
    double naive = -Math.log(Math.exp(other) / (Math.exp(other) + Math.exp(bad)));
    double share = Math.exp(bad) / (Math.exp(bad) + Math.exp(other));
    Map<String, double[]> found = contrast(bad - other, (bad + shift) - (other + shift));
    double[] losses = DoubleGraph.output(found, "losses");
    assertThat(losses[0]).isCloseTo(naive, within(1e-9)).isNotNegative();
    assertThat(losses[1]).isCloseTo(naive, within(1e-9));
    assertThat(DoubleGraph.output(found, "gradients")[0]).isCloseTo(share, within(1e-9));
  }

  @Property(tries = 60)
  void itFallsAsTheOtherLeads(
      @ForAll @DoubleRange(min = -30, max = 30) double lead,
      @ForAll @DoubleRange(min = 0.01, max = 5) double more) {
    double[] losses = DoubleGraph.output(contrast(lead, lead - more), "losses");
    assertThat(losses[1]).isLessThan(losses[0]);
  }

  /** Where an exponential would overflow or vanish. */
  @Property(tries = 20)
  void extremesStayFinite(@ForAll @DoubleRange(min = 1000, max = 1e6) double far) {
    Map<String, double[]> found = contrast(far, -far);
    double[] losses = DoubleGraph.output(found, "losses");
    double[] gradients = DoubleGraph.output(found, "gradients");
    assertThat(losses[0]).isEqualTo(far);
    assertThat(losses[1]).isZero();
    assertThat(gradients[0]).isEqualTo(1);
    assertThat(gradients[1]).isZero();
  }

  /** Of {@code g(margin)·margin}: with and without the gate's own gradient. */
  @Property(tries = 60)
  void theGateIsASigmoidThatHasAGradientOnlyWhereWanted(
      @ForAll @DoubleRange(min = -8, max = 8) double margin,
      @ForAll @DoubleRange(min = -3, max = 3) double offset,
      @ForAll @DoubleRange(min = 0.2, max = 5) double temperature) {
    for (PairGate.Gradient gradient : PairGate.Gradient.values()) {
      Graph graph = new Graph(ElementType.DOUBLE);
      Ops ops = new Ops(graph);
      Value x = graph.parameter("margins", Shape.of(1), true);
      Value gates = new PairGate(offset, temperature, gradient).gates(ops, x);
      Value product = ops.sumAll(ops.mul(gates, x));
      graph.output("gates", gates);
      graph.output("gradients", Gradients.of(graph, product).dense(x).orElseThrow());
      Map<String, double[]> found =
          DoubleGraph.run(graph, Map.of("margins", new double[] {margin}));
      double g = 1 / (1 + Math.exp(-(offset - margin) / temperature));
      double own = gradient == PairGate.Gradient.DETACHED ? 0 : -g * (1 - g) / temperature;
      assertThat(DoubleGraph.output(found, "gates")[0]).isCloseTo(g, within(1e-12));
      assertThat(DoubleGraph.output(found, "gradients")[0])
          .isCloseTo(g + margin * own, within(1e-9));
    }
  }
}
