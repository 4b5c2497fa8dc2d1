package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class RetryPolicyProperties {

  @Property(tries = 500)
  void theBackoffLiesInItsBoundsAndNeverCutsAnAskedWaitShort(
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = 1_000_000) long index,
      @ForAll @IntRange(min = 1, max = 40) int attempt,
      @ForAll @DoubleRange(min = 0, max = 1) double jitter,
      @ForAll @IntRange(min = 0, max = 500) int asked) {
    RetryPolicy policy =
        new RetryPolicy(
            50, Duration.ofSeconds(1), 2, Duration.ofSeconds(60), jitter, Duration.ofMinutes(10));
    double full = Math.min(60, Math.pow(2, attempt - 1));
    Duration delay = policy.delay(seed, index, attempt, Optional.empty());
    assertThat(delay.toNanos() / 1e9).isBetween(full * (1 - jitter) - 1e-6, full + 1e-6);
    assertThat(policy.delay(seed, index, attempt, Optional.empty())).isEqualTo(delay);
    Duration wait = Duration.ofSeconds(asked);
    assertThat(policy.delay(seed, index, attempt, Optional.of(wait)))
        .isGreaterThanOrEqualTo(wait)
        .isLessThanOrEqualTo(
            wait.plusSeconds(1).compareTo(delay) > 0 ? wait.plusSeconds(1) : delay);
  }

  @Example
  void jitterSpreadsCallsThatFailTogether() {
    long distinct =
        LongStream.range(0, 100)
            .mapToObj(i -> RetryPolicy.DEFAULT.delay(1, i, 1, Optional.empty()))
            .distinct()
            .count();
    assertThat(distinct).isGreaterThan(95);
    double mean =
        LongStream.range(0, 10_000)
            .mapToDouble(i -> RetryPolicy.DEFAULT.delay(1, i, 1, Optional.empty()).toNanos() / 1e9)
            .average()
            .orElseThrow();
    // Uniform over [0.5, 1]: mean 0.75, standard error 0.0014.
    assertThat(mean).isBetween(0.74, 0.76);
  }

  @Example
  void durationsCountToTheNanosecondAndMayBeForEver() {
    Duration micros = Duration.ofNanos(250_000);
    RetryPolicy brief = new RetryPolicy(9, micros, 2, Duration.ofNanos(700_000), 0, micros);
    assertThat(brief.delay(1, 0, 1, Optional.empty())).isEqualTo(micros);
    assertThat(brief.delay(1, 0, 2, Optional.empty())).isEqualTo(Duration.ofNanos(500_000));
    assertThat(brief.delay(1, 0, 3, Optional.empty())).isEqualTo(Duration.ofNanos(700_000));
    Duration asked = Duration.ofSeconds(12_345_678, 987_654_321);
    assertThat(brief.delay(1, 0, 1, Optional.of(asked))).isGreaterThanOrEqualTo(asked);

    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    Duration years292 = Duration.ofNanos(Long.MAX_VALUE);
    RetryPolicy patient = new RetryPolicy(9, Duration.ofSeconds(1), 2, forever, 0, forever);
    assertThat(patient.delay(1, 0, 5, Optional.empty())).isEqualTo(Duration.ofSeconds(16));
    assertThat(patient.delay(1, 0, 4000, Optional.empty())).isEqualTo(years292);
    assertThat(patient.delay(1, 0, 1, Optional.of(forever))).isEqualTo(years292);
    RetryPolicy never = new RetryPolicy(9, forever, 2, forever, 0, forever);
    assertThat(never.delay(1, 0, 1, Optional.empty())).isEqualTo(years292);
    RetryPolicy atOnce = new RetryPolicy(9, Duration.ZERO, 2, forever, 0, forever);
    assertThat(atOnce.delay(1, 0, 4000, Optional.empty())).isZero();
  }

  @Example
  void refusesValuesThatCannotBe() {
    Duration one = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new RetryPolicy(0, one, 2, one, 0, one)).hasMessageContaining("0");
    assertThatThrownBy(() -> new RetryPolicy(1, one, 0.5, one, 0, one)).hasMessageContaining("0.5");
    assertThatThrownBy(() -> new RetryPolicy(1, one, 2, Duration.ZERO, 0, one))
        .hasMessageContaining("maxDelay");
    assertThatThrownBy(() -> new RetryPolicy(1, one, 2, one, 1.5, one)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> new RetryPolicy(1, one, 2, one, 0, Duration.ofSeconds(-1)))
        .hasMessageContaining("maxRetryAfter");
  }
}
