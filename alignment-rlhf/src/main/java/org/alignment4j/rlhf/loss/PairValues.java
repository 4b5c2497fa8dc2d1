package org.alignment4j.rlhf.loss;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.rlhf.data.UpdateLengths;
import org.apiguardian.api.API;

/**
 * Log-probabilities of pairs as numbers, for {@link PreferenceLosses}. Every array is {@code
 * [pairs]}, shared and not copied. Immutable as long as nobody writes the arrays.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PairValues {

  static final String POLICY_CHOSEN = "policyChosen";
  static final String POLICY_REJECTED = "policyRejected";
  static final String REFERENCE_CHOSEN = "referenceChosen";
  static final String REFERENCE_REJECTED = "referenceRejected";
  static final String CHOSEN_LENGTHS = "chosenLengths";
  static final String REJECTED_LENGTHS = "rejectedLengths";
  static final String SHARED = "shared";
  static final String PROMPTS = "prompts";
  static final String PROMPT_LENGTHS = "promptLengths";
  static final String MEAN_ANSWER_LENGTHS = "meanAnswerLengths";
  static final String MEAN_PROMPT_LENGTHS = "meanPromptLengths";

  private final Map<String, double[]> arrays;

  private PairValues(Map<String, double[]> arrays) {
    this.arrays = arrays;
  }

  /**
   * Returns pairs whose answers are one token long.
   *
   * @param chosen log-probabilities of the preferred answers under the policy, at least one
   * @param rejected those of the other answers
   * @return pairs without reference
   */
  public static PairValues of(double[] chosen, double[] rejected) {
    double[] ones = new double[chosen.length];
    Arrays.fill(ones, 1);
    return new PairValues(Map.of())
        .with(POLICY_CHOSEN, chosen)
        .with(POLICY_REJECTED, rejected)
        .lengths(ones, ones);
  }

  /**
   * Returns these pairs with answers of other lengths.
   *
   * @param chosen tokens of the preferred answers, whole numbers from 1
   * @param rejected tokens of the other answers, whole numbers from 1
   * @return new pairs
   */
  public PairValues lengths(double[] chosen, double[] rejected) {
    return with(CHOSEN_LENGTHS, chosen).with(REJECTED_LENGTHS, rejected);
  }

  /**
   * Returns these pairs with a reference.
   *
   * @param chosen log-probabilities of the preferred answers under the reference
   * @param rejected those of the other answers
   * @return new pairs
   */
  public PairValues reference(double[] chosen, double[] rejected) {
    return with(REFERENCE_CHOSEN, chosen).with(REFERENCE_REJECTED, rejected);
  }

  /**
   * Returns these pairs with the log-probabilities of the first m tokens of both answers, where m
   * is the length of the shorter one.
   *
   * @param policyChosen of the preferred answers under the policy
   * @param policyRejected of the other answers under the policy
   * @param referenceChosen of the preferred answers under the reference; zeros where there is none
   * @param referenceRejected of the other answers under the reference; zeros where there is none
   * @return new pairs
   */
  public PairValues shared(
      double[] policyChosen,
      double[] policyRejected,
      double[] referenceChosen,
      double[] referenceRejected) {
    return with(shared(POLICY_CHOSEN), policyChosen)
        .with(shared(POLICY_REJECTED), policyRejected)
        .with(shared(REFERENCE_CHOSEN), referenceChosen)
        .with(shared(REFERENCE_REJECTED), referenceRejected);
  }

  /**
   * Returns these pairs with the log-probabilities of their prompts.
   *
   * @param logProbs summed over all tokens of the prompt but the first
   * @param lengths numbers of those tokens, from 0
   * @return new pairs
   */
  public PairValues prompts(double[] logProbs, double[] lengths) {
    return with(PROMPTS, logProbs).with(PROMPT_LENGTHS, lengths);
  }

  /**
   * Returns these pairs as part of an update. Without this the update is these pairs, the preferred
   * answers as they are.
   *
   * @param lengths mean lengths over the update
   * @return new pairs
   */
  public PairValues update(UpdateLengths lengths) {
    return with(MEAN_ANSWER_LENGTHS, all(lengths.answers()))
        .with(MEAN_PROMPT_LENGTHS, all(lengths.prompts()));
  }

  /** These pairs with the mean lengths of their own, unless they have some. */
  PairValues withMeans() {
    double[] answers = arrays.get(CHOSEN_LENGTHS);
    if (arrays.containsKey(MEAN_ANSWER_LENGTHS) || answers == null || answers.length == 0) {
      return this;
    }
    double[] prompts = arrays.getOrDefault(PROMPT_LENGTHS, new double[answers.length]);
    return with(MEAN_ANSWER_LENGTHS, all(mean(answers)))
        .with(MEAN_PROMPT_LENGTHS, all(mean(prompts)));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  private double[] all(double value) {
    double[] values = new double[Objects.requireNonNull(arrays.get(POLICY_CHOSEN)).length];
    Arrays.fill(values, value);
    return values;
  }

  /**
   * Returns these pairs with the answers exchanged.
   *
   * @return new pairs
   */
  public PairValues swapped() {
    Map<String, double[]> copy = new LinkedHashMap<>();
    arrays.forEach((name, values) -> copy.put(other(name), values));
    return new PairValues(copy);
  }

  private static String other(String name) {
    return switch (name) {
      case CHOSEN_LENGTHS -> REJECTED_LENGTHS;
      case REJECTED_LENGTHS -> CHOSEN_LENGTHS;
      default ->
          name.endsWith("Chosen")
              ? name.replace("Chosen", "Rejected")
              : name.replace("Rejected", "Chosen");
    };
  }

  /** The name of what holds for equally long beginnings of the answers. */
  static String shared(String name) {
    return SHARED + Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private PairValues with(String name, double[] values) {
    Map<String, double[]> copy = new LinkedHashMap<>(arrays);
    copy.put(name, values);
    return new PairValues(copy);
  }

  /** The arrays by name. */
  Map<String, double[]> arrays() {
    return arrays;
  }
}
