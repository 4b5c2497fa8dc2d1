package org.alignment4j.interp.audit;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.Cloze;
import org.apiguardian.api.API;

/**
 * A question with an answer that affirms something and one that denies it, as it is put to a model
 * under some instruction, and two texts in which a probe reads whether the model takes it for true.
 *
 * @param id the same for one question under several instructions
 * @param instruction what the model is told to do
 * @param affirming prompt and answer that affirms
 * @param denying prompt and answer that denies
 * @param affirmed text that states it, read at its last token
 * @param denied text that states the opposite, read at its last token
 * @param truth whether it is true; empty where that is not known
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Claim(
    String id,
    Instruction instruction,
    Cloze affirming,
    Cloze denying,
    TokenIds affirmed,
    TokenIds denied,
    Optional<Boolean> truth) {

  /** What a model is told to do. */
  public enum Instruction {
    /** To answer, perhaps to be honest. */
    HONEST,
    /** To lie, or to play somebody who does. */
    LIE
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if both answers or both texts are the same, or a text has no
   *     token
   */
  public Claim {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(instruction, "instruction");
    Objects.requireNonNull(truth, "truth");
    if (affirming.equals(denying) || affirmed.equals(denied)) {
      throw new IllegalArgumentException(
          "a claim must be affirmed and denied in different words but those of '"
              + id
              + "' are the same");
    }
    if (affirmed.isEmpty() || denied.isEmpty()) {
      throw new IllegalArgumentException(
          "both texts of a claim must have a token but those of '"
              + id
              + "' have "
              + affirmed.size()
              + " and "
              + denied.size());
    }
  }

  /**
   * A claim that is read where it is answered: at the last token of either answer.
   *
   * @throws IllegalArgumentException if both answers are the same
   */
  public static Claim of(
      String id, Instruction instruction, Cloze affirming, Cloze denying, Optional<Boolean> truth) {
    return new Claim(
        id, instruction, affirming, denying, affirming.sequence(), denying.sequence(), truth);
  }
}
