package org.alignment4j.api.oversight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Limits that a budget takes and refuses. */
class BudgetTest {

  @Test
  void anyTimeThatIsNotNegativeIsALimit() {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    assertThat(Budget.UNLIMITED.withTime(longest).time()).contains(longest);
    assertThat(Budget.UNLIMITED.withTime(Duration.ZERO).time()).contains(Duration.ZERO);
    assertThatThrownBy(() -> Budget.UNLIMITED.withTime(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("time must not be negative but was");
  }
}
