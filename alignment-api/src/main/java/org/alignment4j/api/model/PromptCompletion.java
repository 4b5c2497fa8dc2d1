package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A prompt with one answer to it: what a reward model scores and what supervised fine-tuning
 * imitates.
 *
 * @param prompt what was asked
 * @param completion the answer; after a conversation, the content of the assistant's next message
 */
@API(status = API.Status.STABLE, since = "0.1")
public record PromptCompletion(Prompt prompt, String completion) {

  /** Checks that nothing is missing. */
  public PromptCompletion {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(completion, "completion");
  }
}
