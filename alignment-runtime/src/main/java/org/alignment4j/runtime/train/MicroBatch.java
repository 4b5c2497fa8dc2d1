package org.alignment4j.runtime.train;

import java.util.Map;
import org.alignment4j.runtime.engine.TokenInput;
import org.apiguardian.api.API;

/**
 * What one run of the training graph sees. The arrays are shared, not copied; thread-safe as long
 * as nobody writes them.
 *
 * @param tokens the sequences, {@code [batch, seq]}
 * @param rows positions {@code b·seq + t} that reach the head, in any order; a position may occur
 *     more than once. Treat as read-only
 * @param labels the token each row is to predict, as many as {@code rows}; the head of a sequence
 *     classifier does not read them
 * @param inputs values of the inputs the {@link Objective} declared, by name
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MicroBatch(
    TokenInput tokens, long[] rows, long[] labels, Map<String, FloatInput> inputs) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when rows and labels are none or not as many, or a row lies
   *     outside the tokens
   */
  public MicroBatch {
    inputs = Map.copyOf(inputs);
    if (rows.length == 0 || rows.length != labels.length) {
      throw new IllegalArgumentException(
          "rows and labels must be as many and at least one but were "
              + rows.length
              + " and "
              + labels.length);
    }
    long positions = (long) tokens.batch() * tokens.seq();
    for (long row : rows) {
      if (row < 0 || row >= positions) {
        throw new IllegalArgumentException(
            "rows must be in [0, " + positions + ") but one was " + row);
      }
    }
  }
}
