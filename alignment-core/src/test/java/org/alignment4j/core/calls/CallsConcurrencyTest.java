package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallsConcurrencyTest extends SimulatedCalls {

  @Test
  void asManyCallsAsAllowedRunAtOnce() {
    CallReport<String> report = calls(TEN).run(inputs(200));
    assertThat(report.complete()).isTrue();
    assertThat(report.elapsed()).isEqualTo(Duration.ofSeconds(20));
    assertThat(report.peakConcurrency()).isEqualTo(10);
    assertThat(endpoint.peak).isEqualTo(10);
    assertThat(report.results())
        .hasSize(200)
        .element(57)
        .isEqualTo(new CallResult.Succeeded<>(57, "answer to q57", 1));
  }

  @Test
  void concurrencyGrowsWhileAnswersComeAndStaysBelowTheMost() {
    CallReport<String> report = calls(CallOptions.DEFAULT).run(inputs(20_000));
    assertThat(report.peakConcurrency()).isEqualTo(100);
    double[] limit = {20};
    // The reference: one more a round, as long as rounds are full.
    int rounds = 0;
    for (int left = 20_000; left > 0; rounds++) {
      left -= (int) limit[0];
      limit[0] = Math.min(100, limit[0] + 1);
    }
    assertThat(report.elapsed().toSeconds()).isCloseTo(rounds, within(rounds / 20L));
  }

  @Test
  void throttlingShrinksOncePerEpisode() {
    endpoint.failure =
        (input, attempt) -> clock.seconds() < 1.5 ? Endpoint.status(429, null) : null;
    CallReport<String> report = calls(CallOptions.DEFAULT.withRetry(STEADY)).run(inputs(200));
    assertThat(report.succeeded()).isEqualTo(200);
    // 20 at once were throttled together at 1 s: one episode, so 16 run at once from then on.
    int secondRound = (int) endpoint.seen.stream().filter(s -> s.at() == 1.0).count();
    assertThat(secondRound).isEqualTo(16);
  }

  @Test
  void serverErrorsDoNotShrink() {
    endpoint.failure =
        (input, attempt) -> clock.seconds() < 1.5 ? Endpoint.status(503, null) : null;
    CallReport<String> report = calls(CallOptions.DEFAULT.withRetry(STEADY)).run(inputs(100));
    assertThat(report.succeeded()).isEqualTo(100);
    // All 20 failed at 1 s. Two places were refilled before the third failure showed that the
    // endpoint is down; from then on nothing starts before the backoff is over.
    assertThat(endpoint.seen.stream().filter(s -> s.at() > 0 && s.at() < 3)).hasSize(2);
    assertThat(endpoint.seen.stream().filter(s -> s.at() == 3.0)).hasSize(20);
  }

  @Test
  void anOverloadedEndpointIsFoundAndEveryInputAnswered() {
    endpoint.capacity = 37;
    CallReport<String> report =
        calls(CallOptions.DEFAULT.withRetry(RetryPolicy.DEFAULT.withMaxAttempts(50)))
            .run(inputs(3000));
    assertThat(report.succeeded()).isEqualTo(3000);
    assertThat(endpoint.seen.size()).isEqualTo((int) report.attempts()).isLessThan(3600);
    // A perfect client would need 3000 / 37 = 81 s.
    assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(130));
  }
}
