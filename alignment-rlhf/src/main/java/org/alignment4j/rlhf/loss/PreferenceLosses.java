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
 * Evaluates preference losses on given log-probabilities, in double precision and with the very
 * expression that training runs. For tests, conformance and study.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PreferenceLosses {

  private static final String[] INPUTS = {
    "policy_chosen",
    "policy_rejected",
    "reference_chosen",
    "reference_rejected",
    "chosen_lengths",
    "rejected_lengths"
  };

  private PreferenceLosses() {}

  /**
   * Evaluates a loss, taking every answer to be one token long.
   *
   * @param loss the loss
   * @param policyChosen log-probabilities of the preferred answers under the policy, at least one
   * @param policyRejected log-probabilities of the other answers under the policy
   * @param referenceChosen log-probabilities of the preferred answers under the reference
   * @param referenceRejected log-probabilities of the other answers under the reference
   * @return losses, rewards and gradients
   * @throws IllegalArgumentException when the arrays are empty or differ in length, or a
   *     log-probability is not finite or above 0 by more than rounding (1e-3), named by its index
   */
  public static PreferenceLossValues evaluate(
      PreferenceLoss loss,
      double[] policyChosen,
      double[] policyRejected,
      double[] referenceChosen,
      double[] referenceRejected) {
    double[] ones = new double[policyChosen.length];
    Arrays.fill(ones, 1);
    return evaluate(
        loss, policyChosen, policyRejected, referenceChosen, referenceRejected, ones, ones);
  }

  /**
   * Evaluates a loss.
   *
   * @param loss the loss
   * @param policyChosen log-probabilities of the preferred answers under the policy, at least one
   * @param policyRejected log-probabilities of the other answers under the policy
   * @param referenceChosen log-probabilities of the preferred answers under the reference
   * @param referenceRejected log-probabilities of the other answers under the reference
   * @param chosenLengths tokens of the preferred answers, whole numbers from 1
   * @param rejectedLengths tokens of the other answers, whole numbers from 1
   * @return losses, rewards and gradients
   * @throws IllegalArgumentException when the arrays are empty or differ in length, a
   *     log-probability is not finite or above 0 by more than rounding (1e-3), or a length is no
   *     whole number from 1, named by its index
   */
  public static PreferenceLossValues evaluate(
      PreferenceLoss loss,
      double[] policyChosen,
      double[] policyRejected,
      double[] referenceChosen,
      double[] referenceRejected,
      double[] chosenLengths,
      double[] rejectedLengths) {
    Map<String, double[]> inputs = new LinkedHashMap<>();
    inputs.put(INPUTS[0], policyChosen);
    inputs.put(INPUTS[1], policyRejected);
    inputs.put(INPUTS[2], referenceChosen);
    inputs.put(INPUTS[3], referenceRejected);
    inputs.put(INPUTS[4], chosenLengths);
    inputs.put(INPUTS[5], rejectedLengths);
    int pairs = DoubleGraph.requireSameLength(inputs);
    Inputs.requireLogProbs("policyChosen", policyChosen);
    Inputs.requireLogProbs("policyRejected", policyRejected);
    Inputs.requireLogProbs("referenceChosen", referenceChosen);
    Inputs.requireLogProbs("referenceRejected", referenceRejected);
    Inputs.requireLengths("chosenLengths", chosenLengths);
    Inputs.requireLengths("rejectedLengths", rejectedLengths);
    Graph graph = new Graph(ElementType.DOUBLE);
    emit(graph, loss, pairs);
    Map<String, double[]> values = DoubleGraph.run(graph, inputs);
    return new PreferenceLossValues(
        DoubleGraph.output(values, "losses"),
        DoubleGraph.output(values, "loss")[0],
        DoubleGraph.output(values, "chosen_rewards"),
        DoubleGraph.output(values, "rejected_rewards"),
        DoubleGraph.output(values, "chosen_gradients"),
        DoubleGraph.output(values, "rejected_gradients"));
  }

  private static void emit(Graph graph, PreferenceLoss loss, int pairs) {
    Ops ops = new Ops(graph);
    Value[] v = new Value[INPUTS.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = graph.parameter(INPUTS[i], Shape.of(pairs), i < 2);
    }
    PairLogProbs logProbs = new PairLogProbs(v[0], v[1], v[2], v[3], v[4], v[5]);
    Value losses = loss.losses(ops, logProbs);
    Value mean = ops.scale(ops.sumAll(losses), 1.0 / pairs);
    graph.output("losses", losses);
    graph.output("loss", mean);
    graph.output("chosen_rewards", ops.scale(logProbs.chosenRatio(ops), loss.beta()));
    graph.output("rejected_rewards", ops.scale(logProbs.rejectedRatio(ops), loss.beta()));
    Gradients gradients = Gradients.of(graph, mean);
    graph.output("chosen_gradients", gradients.dense(v[0]).orElseThrow());
    graph.output("rejected_gradients", gradients.dense(v[1]).orElseThrow());
  }
}
