package org.alignment4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static Progress progress(long done, OptionalLong total, double rate) {
    return new Progress("sft", done, total, "steps", Duration.ofSeconds(5), rate, Map.of());
  }

  @Test
  void timeLeftFollowsTheRate() {
    Progress half = progress(50, OptionalLong.of(100), 10);

    assertThat(half.remaining()).contains(Duration.ofSeconds(5));
    assertThat(half.fraction()).isEqualTo(0.5);
    assertThat(progress(50, OptionalLong.empty(), 10).remaining()).isEmpty();
    assertThat(progress(50, OptionalLong.of(100), 0).remaining()).isEmpty();
  }

  @Test
  void moreDoneThanThereIsIsRefused() {
    assertThatThrownBy(() -> progress(3, OptionalLong.of(2), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("total must be at least done (3) but was 2");
    assertThatThrownBy(() -> progress(1, OptionalLong.of(2), Double.NaN))
        .hasMessageContaining("rate must be finite");
  }
}
