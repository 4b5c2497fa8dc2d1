package org.alignment4j.rlhf.feedback;

import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * An answer with what is to be said about it.
 *
 * @param prompt what was asked
 * @param answer what a model answered
 * @param feedback what is wrong with it or could be better, in words
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LanguageFeedback(Prompt prompt, String answer, String feedback) {

  /** Checks that nothing is missing. */
  public LanguageFeedback {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(feedback, "feedback");
  }
}
