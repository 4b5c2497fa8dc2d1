package org.alignment4j.api.model;

import java.util.Comparator;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The probabilities of choices.
 *
 * @param choices one per choice, in the order of the request
 * @param unexplored what the token sequences that were left out add at most to the probability of
 *     all choices together, among all replies; 0 when every one was summed
 * @param usage what it cost
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ChoiceDistribution(List<ChoiceProbability> choices, double unexplored, Usage usage) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no choice or {@code unexplored} is outside [0,
   *     1]
   */
  public ChoiceDistribution {
    choices = List.copyOf(choices);
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("choices must contain at least one choice");
    }
    if (!(unexplored >= 0 && unexplored <= 1)) {
      throw new IllegalArgumentException("unexplored must be in [0, 1] but was " + unexplored);
    }
  }

  /**
   * Returns the likeliest choice.
   *
   * @return the first of the likeliest
   */
  public ChoiceProbability best() {
    return choices.stream()
        .max(Comparator.comparingDouble(ChoiceProbability::logProb))
        .orElseThrow();
  }

  /**
   * Draws a choice: the first at which the cumulative probability exceeds a number.
   *
   * @param uniform a random number in [0, 1)
   * @return the choice
   * @throws IllegalArgumentException when the number is outside [0, 1)
   */
  public ChoiceProbability draw(double uniform) {
    if (!(uniform >= 0 && uniform < 1)) {
      throw new IllegalArgumentException("uniform must be in [0, 1) but was " + uniform);
    }
    double cumulative = 0;
    ChoiceProbability last = best();
    for (ChoiceProbability choice : choices) {
      cumulative += choice.probability();
      if (choice.probability() > 0) {
        last = choice;
      }
      if (cumulative > uniform) {
        break;
      }
    }
    return last;
  }
}
