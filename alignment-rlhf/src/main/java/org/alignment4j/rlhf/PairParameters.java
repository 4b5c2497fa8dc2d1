package org.alignment4j.rlhf;

import java.util.Optional;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.loss.MeanLengths;
import org.alignment4j.rlhf.loss.PairDetails;
import org.alignment4j.rlhf.loss.PairLogProbs;
import org.alignment4j.rlhf.loss.PromptLogProbs;
import org.alignment4j.rlhf.loss.SharedLogProbs;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/**
 * Log-probabilities of pairs from those of scored tokens and the inputs of {@link PreferenceRows}.
 *
 * @param ops emits into a graph
 * @param labelLogProbs log-probabilities of scored tokens, {@code [rows]}
 * @param inputs what there is besides the answers
 */
record PairParameters(Ops ops, Value labelLogProbs, Set<PairInput> inputs) {

  private static final Dim PAIRS = Dim.symbol("pairs");

  /** Declares the inputs and sums tokens into answers. */
  PairLogProbs pairs() {
    Value chosenTokens = matrix(PreferenceRows.CHOSEN_TOKENS);
    Value rejectedTokens = matrix(PreferenceRows.REJECTED_TOKENS);
    Value chosenLengths = ops.sum(chosenTokens, 1);
    Value zeros = PairLogProbs.zeros(ops, chosenLengths);
    return new PairLogProbs(
        sums(chosenTokens),
        sums(rejectedTokens),
        reference(PreferenceRows.REFERENCE_CHOSEN, zeros),
        reference(PreferenceRows.REFERENCE_REJECTED, zeros),
        chosenLengths,
        ops.sum(rejectedTokens, 1),
        new PairDetails(shared(zeros), prompts(), means(), order()));
  }

  private Value reference(String name, Value absent) {
    return inputs.contains(PairInput.REFERENCE) ? vector(ops.graph(), name) : absent;
  }

  private Optional<SharedLogProbs> shared(Value zeros) {
    if (!inputs.contains(PairInput.SHARED_TOKENS)) {
      return Optional.empty();
    }
    return Optional.of(
        new SharedLogProbs(
            sums(matrix(PreferenceRows.SHARED_CHOSEN_TOKENS)),
            sums(matrix(PreferenceRows.SHARED_REJECTED_TOKENS)),
            reference(PreferenceRows.SHARED_REFERENCE_CHOSEN, zeros),
            reference(PreferenceRows.SHARED_REFERENCE_REJECTED, zeros)));
  }

  private Optional<PromptLogProbs> prompts() {
    if (!inputs.contains(PairInput.PROMPT_TOKENS)) {
      return Optional.empty();
    }
    Value tokens = matrix(PreferenceRows.PROMPT_TOKENS);
    return Optional.of(new PromptLogProbs(sums(tokens), ops.sum(tokens, 1)));
  }

  private Optional<MeanLengths> means() {
    return inputs.contains(PairInput.MEAN_LENGTHS)
        ? Optional.of(
            new MeanLengths(
                vector(ops.graph(), PreferenceRows.MEAN_ANSWER_LENGTHS),
                vector(ops.graph(), PreferenceRows.MEAN_PROMPT_LENGTHS)))
        : Optional.empty();
  }

  private Optional<Value> order() {
    return inputs.contains(PairInput.WHOLE_UPDATE)
        ? Optional.of(vector(ops.graph(), PreferenceRows.ORDER))
        : Optional.empty();
  }

  private Value sums(Value tokens) {
    Value column = ops.reshape(labelLogProbs, labelLogProbs.dim(0), Dim.of(1));
    return ops.reshape(ops.matMul(tokens, column), PAIRS);
  }

  private Value matrix(String name) {
    return ops.graph().parameter(name, Shape.of(PAIRS, labelLogProbs.dim(0)), false);
  }

  /** A declared input with a number for each pair. */
  static Value vector(Graph graph, String name) {
    return graph.parameter(name, Shape.of(PAIRS), false);
  }
}
