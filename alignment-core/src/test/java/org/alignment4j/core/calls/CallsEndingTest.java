package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.JsonCodec;
import org.alignment4j.core.journal.PlainJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CallsEndingTest extends SimulatedCalls {

  @Test
  void failurePoliciesEndTheRun() {
    endpoint.failure =
        (input, attempt) ->
            Integer.parseInt(input.substring(1)) % 4 == 1 ? Endpoint.status(400, null) : null;
    CallOptions one = TEN.withConcurrency(ConcurrencyLimits.atMost(1));
    assertThat(calls(one).run(inputs(40)).complete()).isTrue();

    CallReport<String> first = calls(one.withFailures(FailurePolicy.first())).run(inputs(40));
    assertThat(first.incomplete()).isEqualTo("failures: 1 of 2");
    assertThat(first.missing()).isEqualTo(38);

    CallReport<String> count = calls(one.withFailures(FailurePolicy.count(3))).run(inputs(40));
    assertThat(count.incomplete()).isEqualTo("failures: 3 of 10");

    CallReport<String> some =
        calls(one.withFailures(FailurePolicy.withoutSuccess(1))).run(inputs(40));
    assertThat(some.complete()).as("the first is answered").isTrue();

    // A quarter of all fail: 0.25 allows that, 0.2 ends the run at the ninth of forty.
    assertThat(calls(one.withFailures(FailurePolicy.fraction(0.25))).run(inputs(40)).complete())
        .isTrue();
    CallReport<String> fraction =
        calls(one.withFailures(FailurePolicy.fraction(0.2))).run(inputs(40));
    assertThat(fraction.incomplete()).isEqualTo("failures: 9 of 34");
    assertThatThrownBy(() -> FailurePolicy.fraction(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.0");
  }

  @Test
  void nothingButFailuresEndTheRun() {
    endpoint.failure = (input, attempt) -> Endpoint.status(401, null);
    CallReport<String> report =
        calls(TEN.withFailures(FailurePolicy.withoutSuccess(7))).run(inputs(100));
    assertThat(report.incomplete()).startsWith("failures: ");
    assertThat(report.failed()).isBetween(7L, 16L);
    assertThat(report.succeeded()).isZero();
    assertThatThrownBy(() -> FailurePolicy.withoutSuccess(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was 0");
  }

  @Test
  void cancellationStopsStartingAndWaitsForWhatRuns() {
    Cancellation cancellation = new Cancellation();
    clock.after(Duration.ofMillis(2500), cancellation::cancel);
    assertThatThrownBy(() -> calls(TEN).cancellation(cancellation).run(inputs(100)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("target was cancelled after 30 of 100 calls")
        .hasMessageContaining("without a journal");
    assertThat(endpoint.seen).hasSize(30);
    assertThat(endpoint.running).isZero();
    assertThat(clock.seconds()).isEqualTo(3.0);
  }

  @Test
  void withoutGraceWhatRunsIsGivenUp() {
    Cancellation cancellation = new Cancellation();
    clock.after(Duration.ofMillis(2500), cancellation::cancel);
    assertThatThrownBy(
            () -> calls(TEN.withGrace(Duration.ZERO)).cancellation(cancellation).run(inputs(100)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("after 20 of 100");
    assertThat(clock.seconds()).isBetween(2.5, 2.61);
    assertThat(endpoint.seen.subList(20, 30))
        .allMatch(s -> s.attempt().cancellation().isCancelled());
  }

  @Test
  void interruptionStopsTheRunAndStaysVisible() {
    clock.after(Duration.ofMillis(2500), () -> Thread.currentThread().interrupt());
    assertThatThrownBy(() -> calls(TEN).run(inputs(100)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("was interrupted after 30 of 100");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @Timeout(60)
  void anErrorOfTheCodecEndsTheRunWithIt(@TempDir Path folder) throws Exception {
    JsonCodec<String> broken =
        new JsonCodec<>() {
          @Override
          public Map<String, @Nullable Object> encode(String value) {
            throw new StackOverflowError("codec");
          }

          @Override
          public String decode(Map<String, @Nullable Object> fields) {
            return "";
          }
        };
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (Journal journal = Journal.open(folder.resolve("calls.jsonl"), Map.of("task", "t"))) {
      Calls<String, String> calls =
          Calls.<String, String>of("target", AsyncCall.on(pool, (input, attempt) -> input))
              .journal(journal, input -> PlainJson.key(Map.of("input", input)), broken);
      assertThatThrownBy(() -> calls.run(inputs(20)))
          .isInstanceOf(StackOverflowError.class)
          .hasMessage("codec");
      assertThat(journal.size()).isZero();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void anAnswerThatCannotBeKeptIsPaidForAllTheSame(@TempDir Path folder) throws Exception {
    JsonCodec<String> broken =
        new JsonCodec<>() {
          @Override
          public Map<String, @Nullable Object> encode(String value) {
            throw new IllegalArgumentException("codec");
          }

          @Override
          public String decode(Map<String, @Nullable Object> fields) {
            return "";
          }
        };
    UsageLedger ledger = new UsageLedger();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (Journal journal = Journal.open(folder.resolve("calls.jsonl"), Map.of("task", "t"))) {
      CallReport<String> report =
          Calls.<String, String>of("target", AsyncCall.on(pool, (input, attempt) -> input))
              .journal(journal, input -> PlainJson.key(Map.of("input", input)), broken)
              .ledger(ledger)
              .run(inputs(3));
      assertThat(report.failed()).isEqualTo(3);
      assertThat(ledger.total().calls()).isEqualTo(3);
      assertThat(ledger.failedCalls()).isZero();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aGraceOrTimeOutForEverIsNoLimit() {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    endpoint.latency = (input, attempt) -> Duration.ofDays(400);
    Cancellation cancellation = new Cancellation();
    clock.after(Duration.ofMillis(2500), cancellation::cancel);
    assertThatThrownBy(
            () ->
                calls(TEN.withGrace(forever).withTimeout(forever))
                    .cancellation(cancellation)
                    .run(inputs(20)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("after 10 of 20");
  }
}
