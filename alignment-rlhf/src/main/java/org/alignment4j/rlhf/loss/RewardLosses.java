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
 * Evaluates reward losses on given rewards, in double precision and with the very expression that
 * training runs. For tests, conformance and study.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RewardLosses {

  private RewardLosses() {}

  /**
   * Evaluates a loss.
   *
   * @param loss the loss
   * @param chosen rewards of the preferred answers, at least one
   * @param rejected rewards of the other answers
   * @param margins margins of the pairs
   * @param probabilities probabilities that the labels are right
   * @return losses and gradients
   * @throws IllegalArgumentException when the arrays are empty or differ in length, a reward or a
   *     margin is not finite, or a probability is outside [0, 1], named by its index
   */
  public static RewardLossValues evaluate(
      BradleyTerryLoss loss,
      double[] chosen,
      double[] rejected,
      double[] margins,
      double[] probabilities) {
    Map<String, double[]> inputs = new LinkedHashMap<>();
    inputs.put("chosen", chosen);
    inputs.put("rejected", rejected);
    inputs.put("margins", margins);
    inputs.put("probabilities", probabilities);
    int pairs = DoubleGraph.requireSameLength(inputs);
    Inputs.requireFinite("chosen", chosen);
    Inputs.requireFinite("rejected", rejected);
    Inputs.requireFinite("margins", margins);
    Inputs.requireProbabilities("probabilities", probabilities);
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    Shape shape = Shape.of(pairs);
    Value w = graph.parameter("chosen", shape, true);
    Value l = graph.parameter("rejected", shape, true);
    Value losses =
        loss.losses(
            ops,
            new PairRewards(
                w,
                l,
                graph.parameter("margins", shape, false),
                graph.parameter("probabilities", shape, false)));
    Value mean = ops.scale(ops.sumAll(losses), 1.0 / pairs);
    graph.output("losses", losses);
    graph.output("loss", mean);
    Gradients gradients = Gradients.of(graph, mean);
    graph.output("chosen_gradients", gradients.dense(w).orElseThrow());
    graph.output("rejected_gradients", gradients.dense(l).orElseThrow());
    Map<String, double[]> values = DoubleGraph.run(graph, inputs);
    return new RewardLossValues(
        DoubleGraph.output(values, "losses"),
        DoubleGraph.output(values, "loss")[0],
        DoubleGraph.output(values, "chosen_gradients"),
        DoubleGraph.output(values, "rejected_gradients"));
  }
}
