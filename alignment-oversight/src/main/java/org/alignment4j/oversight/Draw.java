package org.alignment4j.oversight;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.oversight.agent.Speech;
import org.apiguardian.api.API;

/**
 * What came of drawing replies until one keeps its form.
 *
 * @param parsed what the last reply says, or what is wrong with it
 * @param reply the last reply
 * @param attempts how many replies were drawn, at least 1
 * @param usage what all of them cost
 * @param <T> what replies say
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Draw<T>(Parsed<T> parsed, String reply, int attempts, Usage usage) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there was no attempt
   */
  public Draw {
    Objects.requireNonNull(parsed, "parsed");
    Objects.requireNonNull(reply, "reply");
    Objects.requireNonNull(usage, "usage");
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1 but were " + attempts);
    }
  }

  /** What the reply says; empty when no attempt kept the form. */
  public Optional<T> value() {
    return parsed instanceof Parsed.Value<T> value ? Optional.of(value.value()) : Optional.empty();
  }

  /** What the last reply says aloud, and the thinking that its model marked as such. */
  public Speech said() {
    return Speech.of(reply);
  }
}
