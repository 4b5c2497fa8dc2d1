package org.alignment4j.eval.redteam;

import java.time.Duration;
import java.util.List;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** Usage as a list of seven plain numbers. Pure functions. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class UsageFields {
  private static final int NUMBERS = 7;

  private UsageFields() {}

  /** Returns the usage as plain values, the time in nanoseconds. */
  public static List<Object> encode(Usage usage) {
    return List.of(
        usage.calls(),
        usage.promptTokens(),
        usage.cachedTokens(),
        usage.completionTokens(),
        usage.scoredTokens(),
        usage.retries(),
        usage.time().toNanos());
  }

  /**
   * Returns the usage that was encoded.
   *
   * @throws IllegalArgumentException when the value is not a list of seven numbers
   */
  public static Usage decode(@Nullable Object value) {
    if (!(value instanceof List<?> list)
        || list.size() != NUMBERS
        || !list.stream().allMatch(Number.class::isInstance)) {
      throw new IllegalArgumentException("a usage must be a list of 7 numbers but was " + value);
    }
    long[] counts = list.stream().mapToLong(number -> ((Number) number).longValue()).toArray();
    return new Usage(
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        counts[5],
        Duration.ofNanos(counts[6]));
  }
}
