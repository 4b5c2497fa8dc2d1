package org.alignment4j.core.judge;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a parser read from a reply.
 *
 * @param <T> the verdicts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Parsed<T> {

  /**
   * The reply has a verdict in the required form.
   *
   * @param value the verdict
   * @param <T> the verdicts
   */
  record Value<T>(T value) implements Parsed<T> {
    /** Checks that nothing is missing. */
    public Value {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * The reply has none.
   *
   * @param problem what is wrong, as a judge can be told
   * @param <T> the verdicts
   */
  record Nothing<T>(String problem) implements Parsed<T> {
    /** Checks that nothing is missing. */
    public Nothing {
      Objects.requireNonNull(problem, "problem");
    }
  }
}
