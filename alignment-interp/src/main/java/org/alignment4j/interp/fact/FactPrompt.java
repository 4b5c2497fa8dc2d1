package org.alignment4j.interp.fact;

import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * The tokens of a prompt with a subject, and of an answer to it. Immutable.
 *
 * @param prompt the prompt
 * @param target the answer, at least one token
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FactPrompt(SubjectPrompt prompt, TokenIds target) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the answer has no token
   */
  public FactPrompt {
    Objects.requireNonNull(prompt, "prompt");
    if (target.isEmpty()) {
      throw new IllegalArgumentException("the target must have tokens but had none");
    }
  }

  /** Returns prompt and answer alone. */
  public Cloze cloze() {
    return new Cloze(prompt.tokens(), target);
  }
}
