package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/** Binary cross-entropy of scores, in float64. */
class CorrectnessLossProperties {

  private static double[] evaluate(double score, double correctness) {
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    Value r = graph.parameter("scores", Shape.of(1), true);
    Value c = graph.parameter("correctness", Shape.of(1), false);
    Value loss = ops.sumAll(CorrectnessLoss.losses(ops, r, c));
    graph.output("loss", loss);
    graph.output("gradient", Gradients.of(graph, loss).dense(r).orElseThrow());
    Map<String, double[]> values =
        DoubleGraph.run(
            graph,
            Map.of("scores", new double[] {score}, "correctness", new double[] {correctness}));
    return new double[] {
      DoubleGraph.output(values, "loss")[0], DoubleGraph.output(values, "gradient")[0]
    };
  }

  @Property(tries = 60)
  void isCrossEntropyWithTheGradientOfSigmoidLessLabel(
      @ForAll @DoubleRange(min = -20, max = 20) double score,
      @ForAll @DoubleRange(min = 0, max = 1) double correctness) {
    double p = 1 / (1 + Math.exp(-score));
    double[] found = evaluate(score, correctness);
    assertThat(found[0])
        .isCloseTo(-correctness * Math.log(p) - (1 - correctness) * Math.log1p(-p), within(1e-6));
    assertThat(found[1]).isCloseTo(p - correctness, within(1e-12));
  }

  @Example
  void staysFinite() {
    assertThat(evaluate(1e4, 0)[0]).isCloseTo(1e4, within(1e-9));
    assertThat(evaluate(-1e4, 1)[0]).isCloseTo(1e4, within(1e-9));
    assertThat(evaluate(1e4, 1)[0]).isCloseTo(0, within(1e-12));
  }
}
