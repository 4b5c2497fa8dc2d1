package org.alignment4j.rlhf.loss;

import java.util.List;
import java.util.Optional;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a preference loss sees of a batch of pairs: log-probabilities summed over the tokens of each
 * answer, end token included, and the numbers of those tokens. Every value is {@code [pairs]}.
 *
 * @param policyChosen log-probability of the preferred answer under the model that is trained
 * @param policyRejected log-probability of the other answer under the model that is trained
 * @param referenceChosen log-probability of the preferred answer under the frozen reference
 * @param referenceRejected log-probability of the other answer under the frozen reference
 * @param chosenLengths tokens of the preferred answer
 * @param rejectedLengths tokens of the other answer
 * @param details what few losses need besides
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairLogProbs(
    Value policyChosen,
    Value policyRejected,
    Value referenceChosen,
    Value referenceRejected,
    Value chosenLengths,
    Value rejectedLengths,
    PairDetails details) {

  /**
   * Checks that every value is a vector.
   *
   * @throws IllegalArgumentException when one is not
   */
  public PairLogProbs {
    requireVectors(
        List.of(
            policyChosen,
            policyRejected,
            referenceChosen,
            referenceRejected,
            chosenLengths,
            rejectedLengths));
  }

  /**
   * Creates pairs without details.
   *
   * @param policyChosen log-probability of the preferred answer under the model that is trained
   * @param policyRejected log-probability of the other answer under the model that is trained
   * @param referenceChosen log-probability of the preferred answer under the frozen reference
   * @param referenceRejected log-probability of the other answer under the frozen reference
   * @param chosenLengths tokens of the preferred answer
   * @param rejectedLengths tokens of the other answer
   * @throws IllegalArgumentException when a value is no vector
   */
  public PairLogProbs(
      Value policyChosen,
      Value policyRejected,
      Value referenceChosen,
      Value referenceRejected,
      Value chosenLengths,
      Value rejectedLengths) {
    this(
        policyChosen,
        policyRejected,
        referenceChosen,
        referenceRejected,
        chosenLengths,
        rejectedLengths,
        PairDetails.none());
  }

  static void requireVectors(List<Value> values) {
    for (Value v : values) {
      if (v.rank() != 1) {
        throw new IllegalArgumentException("values must have the shape [pairs] but one was " + v);
      }
    }
  }

  /** The log ratio of the preferred answer, {@code log π(y_w) − log π_ref(y_w)}. */
  public Value chosenRatio(Ops ops) {
    return ops.sub(policyChosen, referenceChosen);
  }

  /** The log ratio of the other answer, {@code log π(y_l) − log π_ref(y_l)}. */
  public Value rejectedRatio(Ops ops) {
    return ops.sub(policyRejected, referenceRejected);
  }

  /** By how much the log ratio of the preferred answer exceeds that of the other. */
  public Value difference(Ops ops) {
    return ops.sub(chosenRatio(ops), rejectedRatio(ops));
  }

  /** The mean log-probability of a token of the preferred answer under the policy. */
  public Value chosenMean(Ops ops) {
    return ops.div(policyChosen, chosenLengths);
  }

  /** The mean log-probability of a token of the other answer under the policy. */
  public Value rejectedMean(Ops ops) {
    return ops.div(policyRejected, rejectedLengths);
  }

  /**
   * Log-probabilities of equally long beginnings of the answers.
   *
   * @throws IllegalStateException when they are not there
   */
  public SharedLogProbs shared() {
    return require(details.shared(), PairInput.SHARED_TOKENS);
  }

  /**
   * Log-probabilities of the prompts.
   *
   * @throws IllegalStateException when they are not there
   */
  public PromptLogProbs prompts() {
    return require(details.prompts(), PairInput.PROMPT_TOKENS);
  }

  /**
   * Mean lengths over the whole update.
   *
   * @throws IllegalStateException when they are not there
   */
  public MeanLengths means() {
    return require(details.means(), PairInput.MEAN_LENGTHS);
  }

  /**
   * The numbers of the pairs, from 0.
   *
   * @throws IllegalStateException when they are not there
   */
  public Value order() {
    return require(details.order(), PairInput.WHOLE_UPDATE);
  }

  private static <T> T require(Optional<T> value, PairInput input) {
    return value.orElseThrow(
        () ->
            new IllegalStateException(
                "the loss needs " + input + " of the pairs, which must be among its inputs"));
  }

  /** The same pairs with the answers exchanged. */
  public PairLogProbs swapped() {
    return new PairLogProbs(
        policyRejected,
        policyChosen,
        referenceRejected,
        referenceChosen,
        rejectedLengths,
        chosenLengths,
        details.swapped());
  }

  /** The same pairs with a reference under which all answers are equally likely. */
  public PairLogProbs withoutReference(Ops ops) {
    Value zeros = zeros(ops, chosenLengths);
    Optional<SharedLogProbs> shared =
        details
            .shared()
            .map(s -> new SharedLogProbs(s.policyChosen(), s.policyRejected(), zeros, zeros));
    return new PairLogProbs(
        policyChosen,
        policyRejected,
        zeros,
        zeros,
        chosenLengths,
        rejectedLengths,
        new PairDetails(shared, details.prompts(), details.means(), details.order()));
  }

  /**
   * As many zeros as there are pairs.
   *
   * @param ops emits into a graph
   * @param lengths a finite value of each pair
   * @return {@code [pairs]}
   */
  public static Value zeros(Ops ops, Value lengths) {
    return ops.scale(lengths, 0);
  }
}
