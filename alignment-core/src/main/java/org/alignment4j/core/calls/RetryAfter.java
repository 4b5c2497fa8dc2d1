package org.alignment4j.core.calls;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Reads the Retry-After header (RFC 9110, section 10.2.3): whole seconds or an HTTP date. For
 * bridges, which put the wait into {@link org.alignment4j.api.RemoteCallException}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private RetryAfter() {}

  /**
   * Returns the wait a header asks for.
   *
   * @param header the header's value
   * @param now the present time, from which a date counts
   * @return the wait, zero for a date that has passed; empty when the value is neither form
   */
  public static Optional<Duration> parse(String header, Instant now) {
    String value = header.strip();
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, until);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
