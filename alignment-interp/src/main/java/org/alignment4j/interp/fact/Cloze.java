package org.alignment4j.interp.fact;

import java.util.Objects;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * The tokens of a prompt and of an answer to it. Immutable.
 *
 * @param prompt the prompt, special tokens before it included
 * @param target the answer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Cloze(TokenIds prompt, TokenIds target) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when prompt or answer has no token
   */
  public Cloze {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(target, "target");
    if (prompt.isEmpty() || target.isEmpty()) {
      throw new IllegalArgumentException(
          "prompt and target must have tokens but had " + prompt.size() + " and " + target.size());
    }
  }

  /** Returns the prompt followed by the answer. */
  public TokenIds sequence() {
    return prompt.concat(target);
  }

  /** Returns the summed natural log-probability of the answer, a metric of {@link #sequence()}. */
  public LogitMetric logProbability() {
    return LogitMetric.logProbability(sequence(), prompt.size());
  }
}
