package org.alignment4j.api.hook;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Where and when an activation was computed.
 *
 * @param point the hook point
 * @param firstPosition absolute position of the array's first position: 0 in a forward run, the
 *     number of cached tokens in cached generation
 * @param promptLengths length of each sequence's prompt in tokens
 */
@API(status = API.Status.STABLE, since = "0.1")
public record HookCall(HookPoint<?> point, int firstPosition, ImmutableIntArray promptLengths) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the position is negative
   */
  public HookCall {
    Objects.requireNonNull(point, "point");
    Objects.requireNonNull(promptLengths, "promptLengths");
    if (firstPosition < 0) {
      throw new IllegalArgumentException(
          "firstPosition must not be negative but was " + firstPosition);
    }
  }
}
