package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {

  @Test
  void growsByOneARoundUpToTheMost() {
    AdaptiveLimit limit = new AdaptiveLimit(new ConcurrencyLimits(4, 6, 0.8));
    for (int i = 0; i < 4; i++) {
      assertThat(limit.current()).isEqualTo(4);
      limit.succeeded(true);
    }
    limit.succeeded(true);
    assertThat(limit.current()).isEqualTo(5);
    for (int i = 0; i < 100; i++) {
      limit.succeeded(true);
    }
    assertThat(limit.current()).isEqualTo(6);
  }

  @Test
  void doesNotGrowWhileItIsNotFull() {
    AdaptiveLimit limit = new AdaptiveLimit(ConcurrencyLimits.DEFAULT);
    for (int i = 0; i < 1000; i++) {
      limit.succeeded(false);
    }
    assertThat(limit.current()).isEqualTo(20);
  }

  @Test
  void shrinksOncePerEpisodeAndNeverBelowOne() {
    AdaptiveLimit limit = new AdaptiveLimit(ConcurrencyLimits.DEFAULT);
    for (int call = 0; call < 20; call++) {
      limit.throttled(call, 20);
    }
    assertThat(limit.current()).isEqualTo(16);
    limit.throttled(20, 36);
    assertThat(limit.current()).isEqualTo(12); // 20 · 0.8² = 12.8
    limit.throttled(35, 40);
    assertThat(limit.current()).isEqualTo(12);
    for (int call = 36; call < 200; call++) {
      limit.throttled(call, call + 1);
    }
    assertThat(limit.current()).isEqualTo(1);
  }

  @Test
  void refusesLimitsThatCannotBe() {
    assertThatThrownBy(() -> new ConcurrencyLimits(0, 5, 0.8)).hasMessageContaining("0 and 5");
    assertThatThrownBy(() -> new ConcurrencyLimits(6, 5, 0.8)).hasMessageContaining("6 and 5");
    assertThatThrownBy(() -> new ConcurrencyLimits(1, 5, 1)).hasMessageContaining("1.0");
  }
}
