package org.alignment4j.rlhf.loss;

import java.util.Arrays;
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
 * Evaluates losses of soft labels on given scores, in double precision and with the very expression
 * that training runs. For tests, conformance and study.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SoftLabelLosses {

  private SoftLabelLosses() {}

  /**
   * A loss evaluated on a batch. Every array is {@code [n]}.
   *
   * @param targets what is learnt
   * @param losses loss of each score
   * @param loss their mean
   * @param gradients gradient of {@code loss} by the scores
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Values(double[] targets, double[] losses, double loss, double[] gradients) {}

  /**
   * Evaluates a loss.
   *
   * @param loss the loss
   * @param scores log-odds of class 1, at least one
   * @param labels probability of class 1 that the labels say
   * @param stepFraction share of the updates that are done, in [0, 1]
   * @return targets, losses and gradients
   * @throws IllegalArgumentException when the arrays are empty or differ in length, a score is not
   *     finite, or a label or the fraction is outside [0, 1]
   */
  public static Values evaluate(
      SoftLabelLoss loss, double[] scores, double[] labels, double stepFraction) {
    Settings.requireProbability("stepFraction", stepFraction);
    Map<String, double[]> inputs = new LinkedHashMap<>();
    inputs.put("scores", scores);
    inputs.put("labels", labels);
    int n = DoubleGraph.requireSameLength(inputs);
    Inputs.requireFinite("scores", scores);
    Inputs.requireProbabilities("labels", labels);
    double[] confidence = new double[n];
    Arrays.fill(confidence, loss.confidence(stepFraction));
    inputs.put("confidence", confidence);
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    Shape shape = Shape.of(n);
    Value r = graph.parameter("scores", shape, true);
    Value said = graph.parameter("labels", shape, false);
    Value c = graph.parameter("confidence", shape, false);
    Value losses = loss.losses(ops, r, said, c);
    Value mean = ops.scale(ops.sumAll(losses), 1.0 / n);
    graph.output("targets", ops.scale(loss.targets(ops, ops.detached(r), said, c), 1));
    graph.output("losses", losses);
    graph.output("loss", mean);
    graph.output("gradients", Gradients.of(graph, mean).dense(r).orElseThrow());
    Map<String, double[]> values = DoubleGraph.run(graph, inputs);
    return new Values(
        DoubleGraph.output(values, "targets"),
        DoubleGraph.output(values, "losses"),
        DoubleGraph.output(values, "loss")[0],
        DoubleGraph.output(values, "gradients"));
  }
}
