package org.alignment4j.rlhf.loss;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
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

  private static final String ORDER = "order";

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
    return evaluate(
        loss,
        PairValues.of(policyChosen, policyRejected).reference(referenceChosen, referenceRejected));
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
    return evaluate(
        loss,
        PairValues.of(policyChosen, policyRejected)
            .reference(referenceChosen, referenceRejected)
            .lengths(chosenLengths, rejectedLengths));
  }

  /**
   * Evaluates a loss on all it may need. Numbers that it does not need are checked and not read.
   * The pairs are those of one update, unless they have {@linkplain PairValues#update other mean
   * lengths}.
   *
   * @param loss the loss
   * @param pairs log-probabilities and lengths
   * @return losses, rewards and gradients
   * @throws IllegalArgumentException when the loss needs what the pairs do not have, the arrays are
   *     empty or differ in length, a log-probability is not finite or above 0 by more than rounding
   *     (1e-3), or a length is no whole number from 1 (of prompts from 0), named by its index
   */
  public static PreferenceLossValues evaluate(PreferenceLoss loss, PairValues pairs) {
    Map<String, double[]> inputs = new LinkedHashMap<>(pairs.withMeans().arrays());
    int n = DoubleGraph.requireSameLength(inputs);
    inputs.forEach(PreferenceLosses::check);
    double[] order = new double[n];
    Arrays.setAll(order, i -> i);
    inputs.put(ORDER, order);
    Graph graph = new Graph(ElementType.DOUBLE);
    emit(graph, loss, inputs.keySet(), n);
    inputs.keySet().retainAll(graph.inputs().stream().map(Value::name).toList());
    Map<String, double[]> values = DoubleGraph.run(graph, inputs);
    return new PreferenceLossValues(
        DoubleGraph.output(values, "losses"),
        DoubleGraph.output(values, "loss")[0],
        DoubleGraph.output(values, "chosen_rewards"),
        DoubleGraph.output(values, "rejected_rewards"),
        DoubleGraph.output(values, "chosen_gradients"),
        DoubleGraph.output(values, "rejected_gradients"));
  }

  private static void check(String name, double[] values) {
    switch (name) {
      case PairValues.CHOSEN_LENGTHS, PairValues.REJECTED_LENGTHS ->
          Inputs.requireLengths(name, values, 1);
      case PairValues.MEAN_ANSWER_LENGTHS, PairValues.MEAN_PROMPT_LENGTHS ->
          Inputs.requireFinite(name, values);
      case PairValues.PROMPT_LENGTHS -> Inputs.requireLengths(name, values, 0);
      default -> Inputs.requireLogProbs(name, values);
    }
  }

  private static void emit(Graph graph, PreferenceLoss loss, Set<String> given, int pairs) {
    Ops ops = new Ops(graph);
    Inlets inlets = new Inlets(graph, loss, given, pairs);
    Value chosen = inlets.trained(PairValues.POLICY_CHOSEN);
    Value rejected = inlets.trained(PairValues.POLICY_REJECTED);
    PairLogProbs logProbs = inlets.pairs(ops, chosen, rejected);
    Value losses = loss.losses(ops, logProbs);
    Value mean = ops.scale(ops.sumAll(losses), 1.0 / pairs);
    graph.output("losses", losses);
    graph.output("loss", mean);
    graph.output("chosen_rewards", loss.reward(ops, logProbs));
    graph.output("rejected_rewards", loss.reward(ops, logProbs.swapped()));
    Gradients gradients = Gradients.of(graph, mean);
    graph.output("chosen_gradients", gradients.dense(chosen).orElseThrow());
    graph.output("rejected_gradients", gradients.dense(rejected).orElseThrow());
  }

  /** Inputs of the graph, declared where the loss needs them. */
  private record Inlets(Graph graph, PreferenceLoss loss, Set<String> given, int pairs) {

    PairLogProbs pairs(Ops ops, Value chosen, Value rejected) {
      Value chosenLengths = fixed(PairValues.CHOSEN_LENGTHS);
      Value rejectedLengths = fixed(PairValues.REJECTED_LENGTHS);
      Value zeros = PairLogProbs.zeros(ops, chosenLengths);
      boolean reference = loss.usesReference();
      return new PairLogProbs(
          chosen,
          rejected,
          reference ? fixed(PairValues.REFERENCE_CHOSEN) : zeros,
          reference ? fixed(PairValues.REFERENCE_REJECTED) : zeros,
          chosenLengths,
          rejectedLengths,
          new PairDetails(shared(zeros), prompts(), means(), order()));
    }

    private Optional<SharedLogProbs> shared(Value zeros) {
      if (!loss.inputs().contains(PairInput.SHARED_TOKENS)) {
        return Optional.empty();
      }
      boolean reference = loss.usesReference();
      return Optional.of(
          new SharedLogProbs(
              fixed(PairValues.shared(PairValues.POLICY_CHOSEN)),
              fixed(PairValues.shared(PairValues.POLICY_REJECTED)),
              reference ? fixed(PairValues.shared(PairValues.REFERENCE_CHOSEN)) : zeros,
              reference ? fixed(PairValues.shared(PairValues.REFERENCE_REJECTED)) : zeros));
    }

    private Optional<PromptLogProbs> prompts() {
      return loss.inputs().contains(PairInput.PROMPT_TOKENS)
          ? Optional.of(
              new PromptLogProbs(fixed(PairValues.PROMPTS), fixed(PairValues.PROMPT_LENGTHS)))
          : Optional.empty();
    }

    private Optional<MeanLengths> means() {
      return loss.inputs().contains(PairInput.MEAN_LENGTHS)
          ? Optional.of(
              new MeanLengths(
                  fixed(PairValues.MEAN_ANSWER_LENGTHS), fixed(PairValues.MEAN_PROMPT_LENGTHS)))
          : Optional.empty();
    }

    private Optional<Value> order() {
      return loss.inputs().contains(PairInput.WHOLE_UPDATE)
          ? Optional.of(fixed(ORDER))
          : Optional.empty();
    }

    Value trained(String name) {
      return graph.parameter(name, Shape.of(pairs), true);
    }

    private Value fixed(String name) {
      if (!given.contains(name)) {
        throw new IllegalArgumentException(
            "pairs must have %s, which %s needs, but have %s".formatted(name, loss, given));
      }
      return graph.parameter(name, Shape.of(pairs), false);
    }
  }
}
