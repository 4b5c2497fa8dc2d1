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
 * Evaluates losses over single answers on given log-probabilities, in double precision and with the
 * very expression that training runs. For tests, conformance and study.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class UnpairedLosses {

  private static final String POLICY = "policy";
  private static final String REFERENCE = "reference";
  private static final String DESIRABLE = "desirable";
  private static final String POINT = "reference_point";

  private UnpairedLosses() {}

  /**
   * Returns the reference point z₀ of Kahneman-Tversky optimisation: {@code max(0, mean(log π(y′|x)
   * − log π_ref(y′|x)))} over answers y′ to other prompts than x.
   *
   * @param policy log-probabilities of the mismatched answers under the policy, at least one
   * @param reference those under the reference
   * @return z₀, at least 0
   * @throws IllegalArgumentException when the arrays are empty or differ in length, or a
   *     log-probability is not finite or above 0 by more than rounding (1e-3), named by its index
   */
  public static double mismatchedKl(double[] policy, double[] reference) {
    Map<String, double[]> inputs = new LinkedHashMap<>();
    inputs.put(POLICY, policy);
    inputs.put(REFERENCE, reference);
    int n = DoubleGraph.requireSameLength(inputs);
    Inputs.requireLogProbs(POLICY, policy);
    Inputs.requireLogProbs(REFERENCE, reference);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += policy[i] - reference[i];
    }
    return Math.max(0, sum / n);
  }

  /**
   * Evaluates a loss.
   *
   * @param loss the loss
   * @param policy log-probabilities of the answers under the policy, at least one
   * @param reference log-probabilities of the answers under the reference
   * @param desirable which answers were found good
   * @param referencePoint z₀ or δ, as {@link UnpairedLoss#referencePoint()} says; finite
   * @return losses, rewards and gradients
   * @throws IllegalArgumentException when the arrays are empty or differ in length, a
   *     log-probability is not finite or above 0 by more than rounding (1e-3), named by its index,
   *     or the reference point is not finite
   */
  public static UnpairedLossValues evaluate(
      UnpairedLoss loss,
      double[] policy,
      double[] reference,
      boolean[] desirable,
      double referencePoint) {
    double[] labels = new double[desirable.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = desirable[i] ? 1 : 0;
    }
    Map<String, double[]> inputs = new LinkedHashMap<>();
    inputs.put(POLICY, policy);
    inputs.put(REFERENCE, reference);
    inputs.put(DESIRABLE, labels);
    int n = DoubleGraph.requireSameLength(inputs);
    Inputs.requireLogProbs(POLICY, policy);
    Inputs.requireLogProbs(REFERENCE, reference);
    double[] point = {referencePoint};
    Inputs.requireFinite("referencePoint", point);
    Graph graph = new Graph(ElementType.DOUBLE);
    emit(graph, loss, n);
    inputs.put(POINT, point);
    Map<String, double[]> values = DoubleGraph.run(graph, inputs);
    return new UnpairedLossValues(
        DoubleGraph.output(values, "losses"),
        DoubleGraph.output(values, "loss")[0],
        DoubleGraph.output(values, "rewards"),
        DoubleGraph.output(values, "gradients"));
  }

  private static void emit(Graph graph, UnpairedLoss loss, int n) {
    Ops ops = new Ops(graph);
    Value policy = graph.parameter(POLICY, Shape.of(n), true);
    UnpairedLogProbs answers =
        new UnpairedLogProbs(
            policy,
            graph.parameter(REFERENCE, Shape.of(n), false),
            graph.parameter(DESIRABLE, Shape.of(n), false),
            graph.parameter(POINT, Shape.of(1), false));
    Value losses = loss.losses(ops, answers);
    Value mean = ops.scale(ops.sumAll(losses), 1.0 / n);
    graph.output("losses", losses);
    graph.output("loss", mean);
    graph.output("rewards", ops.scale(answers.ratios(ops), loss.beta()));
    graph.output("gradients", Gradients.of(graph, mean).dense(policy).orElseThrow());
  }
}
