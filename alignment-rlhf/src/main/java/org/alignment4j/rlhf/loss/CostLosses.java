package org.alignment4j.rlhf.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Evaluates the loss of cost models on given costs, in double precision and with the very
 * expression that training runs. For tests, conformance and study.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CostLosses {

  private static final String HIGH = "high";
  private static final String LOW = "low";
  private static final String HIGH_SIGNS = "high_signs";
  private static final String LOW_SIGNS = "low_signs";

  private CostLosses() {}

  /**
   * Evaluates a loss.
   *
   * @param loss the loss
   * @param high costs of the more harmful answers, at least one
   * @param low costs of the less harmful answers
   * @param highUnsafe which of the more harmful answers are unsafe
   * @param lowUnsafe which of the less harmful answers are unsafe
   * @return losses and gradients, where {@code chosen} means the more harmful answers and {@code
   *     rejected} the less harmful ones
   * @throws IllegalArgumentException when the arrays are empty or differ in length, or a cost is
   *     not finite, named by its index
   */
  public static RewardLossValues evaluate(
      CostLoss loss, double[] high, double[] low, boolean[] highUnsafe, boolean[] lowUnsafe) {
    Map<String, double[]> inputs = new LinkedHashMap<>();
    inputs.put(HIGH, high);
    inputs.put(LOW, low);
    inputs.put(HIGH_SIGNS, signs(highUnsafe));
    inputs.put(LOW_SIGNS, signs(lowUnsafe));
    int pairs = DoubleGraph.requireSameLength(inputs);
    Inputs.requireFinite(HIGH, high);
    Inputs.requireFinite(LOW, low);
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    Shape shape = Shape.of(pairs);
    Value hi = graph.parameter(HIGH, shape, true);
    Value lo = graph.parameter(LOW, shape, true);
    Value losses =
        loss.losses(
            ops,
            hi,
            lo,
            graph.parameter(HIGH_SIGNS, shape, false),
            graph.parameter(LOW_SIGNS, shape, false));
    Value mean = ops.scale(ops.sumAll(losses), 1.0 / pairs);
    graph.output("losses", losses);
    graph.output("loss", mean);
    Gradients gradients = Gradients.of(graph, mean);
    graph.output("high_gradients", gradients.dense(hi).orElseThrow());
    graph.output("low_gradients", gradients.dense(lo).orElseThrow());
    Map<String, double[]> values = DoubleGraph.run(graph, inputs);
    return new RewardLossValues(
        DoubleGraph.output(values, "losses"),
        DoubleGraph.output(values, "loss")[0],
        DoubleGraph.output(values, "high_gradients"),
        DoubleGraph.output(values, "low_gradients"));
  }

  private static double[] signs(boolean[] unsafe) {
    double[] signs = new double[unsafe.length];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = unsafe[i] ? 1 : -1;
    }
    return signs;
  }
}
