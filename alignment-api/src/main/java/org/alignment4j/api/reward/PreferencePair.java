package org.alignment4j.api.reward;

import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Two answers to a prompt, of which one was preferred.
 *
 * @param prompt what was asked
 * @param chosen the preferred answer
 * @param rejected the other answer
 * @param probability that {@code chosen} is the better one, from 0 to 1; 1 for a plain label
 * @param margin by how much it is better, on the annotator's scale; empty when not graded
 * @param annotator who said so; null when unknown
 */
@API(status = API.Status.STABLE, since = "0.1")
public record PreferencePair(
    Prompt prompt,
    String chosen,
    String rejected,
    double probability,
    OptionalDouble margin,
    @Nullable String annotator) {

  /**
   * Checks the values. Equal answers are allowed here: readers and trainers decide about them.
   *
   * @throws IllegalArgumentException when the probability is outside [0, 1] or the margin is not
   *     finite
   */
  public PreferencePair {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(chosen, "chosen");
    Objects.requireNonNull(rejected, "rejected");
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be in [0, 1] but was " + probability);
    }
    if (margin.isPresent() && !Double.isFinite(margin.getAsDouble())) {
      throw new IllegalArgumentException("margin must be finite but was " + margin.getAsDouble());
    }
  }

  /**
   * Creates a plain pair: probability 1, no margin, unknown annotator.
   *
   * @param prompt what was asked
   * @param chosen the preferred answer
   * @param rejected the other answer
   */
  public PreferencePair(Prompt prompt, String chosen, String rejected) {
    this(prompt, chosen, rejected, 1, OptionalDouble.empty(), null);
  }

  /**
   * Returns this pair with the answers exchanged and the probability turned round.
   *
   * @return the same statement, told from the other side; the margin changes sign
   */
  public PreferencePair swapped() {
    OptionalDouble turned =
        margin.isPresent() ? OptionalDouble.of(-margin.getAsDouble()) : OptionalDouble.empty();
    return new PreferencePair(prompt, rejected, chosen, 1 - probability, turned, annotator);
  }

  /**
   * Returns the preferred answer with its prompt.
   *
   * @return prompt and chosen answer
   */
  public PromptCompletion chosenCompletion() {
    return new PromptCompletion(prompt, chosen);
  }

  /**
   * Returns the other answer with its prompt.
   *
   * @return prompt and rejected answer
   */
  public PromptCompletion rejectedCompletion() {
    return new PromptCompletion(prompt, rejected);
  }
}
