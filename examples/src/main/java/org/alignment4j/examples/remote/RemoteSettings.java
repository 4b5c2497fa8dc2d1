package org.alignment4j.examples.remote;

import java.util.Objects;
import org.alignment4j.core.calls.RetryPolicy;

/**
 * How debates run.
 *
 * @param rounds of a debate
 * @param atOnce most questions at once
 * @param seed of all sampling
 * @param retry when a question is tried again
 */
public record RemoteSettings(int rounds, int atOnce, long seed, RetryPolicy retry) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there are no rounds or no questions at once
   */
  public RemoteSettings {
    Objects.requireNonNull(retry, "retry");
    if (rounds < 1 || atOnce < 1) {
      throw new IllegalArgumentException(
          "rounds and questions at once must be at least 1 but were " + rounds + " and " + atOnce);
    }
  }
}
