package org.alignment4j.core.judge;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceProbability;
import org.apiguardian.api.API;

/**
 * A verdict as a probability over the labels a judge may give. Immutable.
 *
 * @param probabilities for each label, in the order asked for, its probability given that the reply
 *     is one of them; they sum to one
 * @param mass the probability, among all replies, of one of the labels, from 0 to 1: where it is
 *     low the judge would rather have said something else, and the probabilities mean little
 * @param unexplored what spellings of the labels that were not looked at add to {@code mass} at
 *     most
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SoftVerdict(Map<String, Double> probabilities, double mass, double unexplored) {
  private static final double ROUNDING = 1e-6;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no label, a probability is outside [0, 1] or they
   *     do not sum to one
   */
  public SoftVerdict {
    probabilities = ImmutableMap.copyOf(probabilities);
    double sum = 0;
    for (double probability : probabilities.values()) {
      requireProbability("a probability", probability);
      sum += probability;
    }
    if (!(Math.abs(sum - 1) <= ROUNDING)) {
      throw new IllegalArgumentException(
          "probabilities must sum to 1 but were " + probabilities + ", which sum to " + sum);
    }
    requireProbability("mass", mass);
    requireProbability("unexplored", unexplored);
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1] but was " + value);
    }
  }

  /** What a model makes of the labels, which are the choices in their order. */
  static SoftVerdict of(List<String> labels, ChoiceDistribution distribution) {
    ImmutableMap.Builder<String, Double> probabilities = ImmutableMap.builder();
    double mass = 0;
    for (int i = 0; i < labels.size(); i++) {
      ChoiceProbability choice = distribution.choices().get(i);
      probabilities.put(labels.get(i), choice.probability());
      mass += Math.exp(choice.logProb());
    }
    // Rounding of the model may carry a sum over one.
    return new SoftVerdict(
        probabilities.buildOrThrow(), Math.min(1, mass), distribution.unexplored());
  }

  /**
   * Returns the probability of a label.
   *
   * @throws IllegalArgumentException if the label was not among those asked for
   */
  public double probability(String label) {
    Double probability = probabilities.get(label);
    if (probability == null) {
      throw new IllegalArgumentException(
          "label must be one of " + probabilities.keySet() + " but was '" + label + "'");
    }
    return probability;
  }

  /** Returns the likeliest label; of several the first. */
  public String best() {
    String best = "";
    double most = -1;
    for (Map.Entry<String, Double> label : probabilities.entrySet()) {
      if (label.getValue() > most) {
        best = label.getKey();
        most = label.getValue();
      }
    }
    return best;
  }

  /**
   * Returns the probability-weighted score, {@code Σ p(sᵢ)·sᵢ} (G-Eval: Liu et al. 2023, equation
   * 1): finer than the likeliest score, and with fewer ties.
   *
   * @param score the score {@code sᵢ} of a label, such as {@code Double::parseDouble}
   */
  public double mean(ToDoubleFunction<? super String> score) {
    double mean = 0;
    for (Map.Entry<String, Double> label : probabilities.entrySet()) {
      mean += label.getValue() * score.applyAsDouble(label.getKey());
    }
    return mean;
  }
}
