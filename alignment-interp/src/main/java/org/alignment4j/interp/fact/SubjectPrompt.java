package org.alignment4j.interp.fact;

import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * The tokens of a prompt and where its subject stands. Immutable.
 *
 * @param tokens the prompt, special tokens before it included
 * @param subjectFirst position of the subject's first token, from 0
 * @param subjectLast position of the subject's last token
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SubjectPrompt(TokenIds tokens, int subjectFirst, int subjectLast) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the subject does not lie within the prompt
   */
  public SubjectPrompt {
    Objects.requireNonNull(tokens, "tokens");
    if (subjectFirst < 0 || subjectLast < subjectFirst || subjectLast >= tokens.size()) {
      throw new IllegalArgumentException(
          "the subject must lie within the prompt's "
              + tokens.size()
              + " tokens but was to reach from "
              + subjectFirst
              + " to "
              + subjectLast);
    }
  }
}
