package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.MalformedInputException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.oversight.Budget;
import org.junit.jupiter.api.Test;

class CallsRetryTest extends SimulatedCalls {

  @Test
  void retryAfterIsHonouredByTheCallAndByNewOnes() {
    endpoint.failure =
        (input, attempt) ->
            input.equals("q3") && attempt.number() == 1
                ? Endpoint.status(429, Duration.ofSeconds(30))
                : null;
    CallReport<String> report = calls(TEN).run(inputs(40));
    assertThat(report.succeeded()).isEqualTo(40);
    List<Double> starts = endpoint.seen.stream().map(Endpoint.Seen::at).distinct().toList();
    assertThat(starts).containsExactly(0.0, 1.0, 31.0, 32.0, 33.0, 34.0);
    // Only those that had been answered before the throttled one landed were followed at 1 s.
    assertThat(endpoint.seen.stream().filter(s -> s.at() == 1.0)).hasSizeLessThan(10);
    assertThat(
            endpoint.seen.stream()
                .filter(s -> s.input().equals("q3"))
                .map(Endpoint.Seen::at)
                .toList())
        .containsExactly(0.0, 31.0);
  }

  @Test
  void aWaitBeyondTheLongestFailsTheCall() {
    endpoint.failure = (input, attempt) -> Endpoint.status(429, Duration.ofHours(2));
    CallReport<String> report = calls(TEN).run(List.of("q"));
    assertThat(report.failed()).isEqualTo(1);
    assertThat(endpoint.seen).hasSize(1);
    assertThat(report.elapsed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aUsedUpQuotaFailsTheRunAtOnce() {
    endpoint.failure = (input, attempt) -> Endpoint.status(429, Duration.ofHours(2));
    CallReport<String> report =
        calls(TEN.withConcurrency(ConcurrencyLimits.atMost(1))).run(inputs(20));
    assertThat(report.failed()).isEqualTo(20);
    assertThat(report.elapsed()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void passingFailuresAreTriedAgainWithBackoffAndThenFail() {
    endpoint.failure = (input, attempt) -> new IOException("reset");
    CallReport<String> report = calls(TEN).run(List.of("q"));
    assertThat(endpoint.seen.stream().map(Endpoint.Seen::at).toList())
        .containsExactly(0.0, 3.0, 8.0, 17.0); // 1 s each, then 2, 4, 8 s of backoff
    assertThat(report.results().get(0))
        .isInstanceOfSatisfying(
            CallResult.Failed.class,
            failed -> {
              assertThat(failed.attempts()).isEqualTo(4);
              assertThat(failed.description()).isEqualTo("IOException: reset");
            });
    assertThat(report.complete()).isTrue();
  }

  @Test
  void failuresOfTheTransportAreTriedAgainHoweverTheyAreWrapped() {
    for (Throwable error :
        List.of(
            new UncheckedIOException(new IOException("reset")),
            new CompletionException(new UncheckedIOException(new HttpTimeoutException("late"))),
            JsonMappingException.from((JsonParser) null, "read", new SocketException("reset")))) {
      endpoint.seen.clear();
      endpoint.failure = (input, attempt) -> attempt.number() == 1 ? error : null;
      assertThat(calls(TEN).run(List.of("q")).succeeded()).as("%s", error).isEqualTo(1);
      assertThat(endpoint.seen).hasSize(2);
    }
  }

  @Test
  void aResponseThatDoesNotParseIsNotTriedAgain() {
    for (Throwable error :
        List.of(
            new JsonParseException(null, "no JSON"),
            new UncheckedIOException(new JsonParseException(null, "no JSON")),
            JsonMappingException.from((JsonParser) null, "no such type"),
            new UncheckedIOException(new MalformedInputException(1)))) {
      endpoint.seen.clear();
      endpoint.failure = (input, attempt) -> error;
      assertThat(calls(TEN).run(List.of("q")).failed()).as("%s", error).isEqualTo(1);
      assertThat(endpoint.seen).hasSize(1);
    }
    // A bridge that knows better says so.
    endpoint.seen.clear();
    endpoint.failure =
        (input, attempt) ->
            new RemoteCallException("cut", 0, true, null, new JsonParseException(null, "no JSON"));
    assertThat(calls(TEN).run(List.of("q")).failed()).isEqualTo(1);
    assertThat(endpoint.seen).hasSize(4);
  }

  @Test
  void aWaitForEverIsEndedByTheBudgetOfTime() {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    endpoint.failure = (input, attempt) -> Endpoint.status(429, forever);
    CallReport<String> report =
        calls(
                TEN.withRetry(new RetryPolicy(4, forever, 2, forever, 0.5, forever))
                    .withBudget(Budget.UNLIMITED.withTime(Duration.ofSeconds(10))))
            .run(inputs(2));
    assertThat(report.incomplete()).isEqualTo("budget: time");
    assertThat(report.missing()).isEqualTo(2);
    assertThat(endpoint.seen).hasSize(2);
  }

  @Test
  void otherFailuresAreNotTriedAgain() {
    endpoint.failure =
        (input, attempt) ->
            input.equals("q1") ? Endpoint.status(400, null) : new IllegalStateException("odd");
    CallReport<String> report = calls(TEN).run(inputs(2));
    assertThat(report.failed()).isEqualTo(2);
    assertThat(report.succeeded()).isZero();
    assertThat(endpoint.seen).hasSize(2);
  }

  @Test
  void aCallThatThrowsAtOnceFailsAlone() {
    CallReport<String> report =
        Calls.<String, String>of(
                "target",
                (input, attempt) -> {
                  if (input.equals("q1")) {
                    throw new IllegalArgumentException("prompt too long");
                  }
                  return endpoint.start(input, attempt);
                })
            .clock(clock)
            .run(inputs(3));
    assertThat(report.succeeded()).isEqualTo(2);
    assertThat(report.results().get(1)).isInstanceOf(CallResult.Failed.class);
  }

  @Test
  void attemptsThatTakeTooLongAreGivenUpAndTriedAgain() {
    endpoint.latency = (input, attempt) -> Duration.ofSeconds(attempt.number() == 1 ? 1000 : 1);
    CallReport<String> report = calls(TEN.withTimeout(Duration.ofSeconds(5))).run(List.of("q"));
    assertThat(report.results()).containsExactly(new CallResult.Succeeded<>(0, "answer to q", 2));
    assertThat(report.elapsed()).isEqualTo(Duration.ofSeconds(8));
    assertThat(endpoint.seen.get(0).attempt().cancellation().isCancelled()).isTrue();
    assertThat(endpoint.seen.get(1).attempt().cancellation().isCancelled()).isFalse();
  }

  @Test
  void retriesAreInTheUsage() {
    endpoint.failure = (input, attempt) -> attempt.number() < 3 ? Endpoint.status(500, null) : null;
    CallReport<String> report = calls(TEN).run(inputs(2));
    assertThat(report.usage().get("target").retries()).isEqualTo(4);
    assertThat(report.usage().get("target").calls()).isEqualTo(2);
    assertThat(report.attempts()).isEqualTo(6);
  }

  @Test
  void theSameSeedGivesTheSameTimes() {
    endpoint.failure = (input, attempt) -> attempt.number() < 3 ? Endpoint.status(500, null) : null;
    CallOptions jittered = CallOptions.DEFAULT.withSeed(5);
    VirtualClock other = new VirtualClock();
    Endpoint again = new Endpoint(other);
    again.failure = endpoint.failure;
    calls(jittered).run(inputs(50));
    Calls.of("target", again).options(jittered).clock(other).run(inputs(50));
    assertThat(again.seen.stream().map(Endpoint.Seen::at).toList())
        .isEqualTo(endpoint.seen.stream().map(Endpoint.Seen::at).toList());
    VirtualClock third = new VirtualClock();
    Endpoint differing = new Endpoint(third);
    differing.failure = endpoint.failure;
    Calls.of("target", differing).options(jittered.withSeed(6)).clock(third).run(inputs(50));
    assertThat(differing.seen.stream().map(Endpoint.Seen::at).toList())
        .isNotEqualTo(endpoint.seen.stream().map(Endpoint.Seen::at).toList());
  }

  @Test
  void answersOfNullAreFailures() {
    AtomicInteger asked = new AtomicInteger();
    CallReport<String> report =
        Calls.<String, String>of(
                "target",
                AsyncCall.on(
                    Runnable::run,
                    (input, attempt) -> {
                      asked.incrementAndGet();
                      return null;
                    }))
            .run(List.of("q"));
    assertThat(report.failed()).isEqualTo(1);
    assertThat(asked).hasValue(1);
    assertThat(new HashMap<>(report.usage())).isEmpty();
  }

  @Test
  void newCallsWaitAsAskedEvenWhereNothingIsTriedAgain() {
    endpoint.failure =
        (input, attempt) ->
            input.equals("q0") ? Endpoint.status(429, Duration.ofSeconds(30)) : null;
    CallReport<String> report =
        calls(TEN.withConcurrency(ConcurrencyLimits.atMost(1)).withRetry(RetryPolicy.NONE))
            .run(inputs(3));
    assertThat(report.failed()).isEqualTo(1);
    assertThat(report.succeeded()).isEqualTo(2);
    assertThat(endpoint.seen.stream().map(Endpoint.Seen::at).toList())
        .containsExactly(0.0, 31.0, 32.0);
  }
}
