package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2015-10-21T07:28:00Z");

  @Test
  void secondsAndDatesAreRead() {
    assertThat(RetryAfter.parse("120", NOW)).contains(Duration.ofSeconds(120));
    assertThat(RetryAfter.parse(" 0 ", NOW)).contains(Duration.ZERO);
    assertThat(RetryAfter.parse("Wed, 21 Oct 2015 07:30:05 GMT", NOW))
        .contains(Duration.ofSeconds(125));
    assertThat(RetryAfter.parse("Wed, 21 Oct 2015 07:27:00 GMT", NOW)).contains(Duration.ZERO);
  }

  @Test
  void anythingElseIsNothing() {
    for (String header : new String[] {"", "-1", "1.5", "soon", "99999999999999", "2015-10-21"}) {
      assertThat(RetryAfter.parse(header, NOW)).as(header).isEmpty();
    }
  }
}
