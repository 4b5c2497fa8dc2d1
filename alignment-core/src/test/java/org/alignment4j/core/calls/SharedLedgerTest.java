package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SharedLedgerTest extends SimulatedCalls {

  private static CallOptions budget(int calls) {
    return TEN.withBudget(Budget.UNLIMITED.withCalls(calls));
  }

  @Test
  void failedCallsOfAnotherRunAreSpent() {
    UsageLedger ledger = new UsageLedger();
    endpoint.failure = (input, attempt) -> Endpoint.status(400, null);
    assertThat(calls(budget(15)).ledger(ledger).run(inputs(10)).failed()).isEqualTo(10);
    assertThat(ledger.failedCalls()).isEqualTo(10);
    assertThat(ledger.total().calls()).isZero();
    endpoint.failure = (input, attempt) -> null;
    CallReport<String> second = calls(budget(15)).ledger(ledger).run(inputs(10));
    assertThat(second.succeeded()).isEqualTo(5);
    assertThat(second.incomplete()).isEqualTo("budget: calls");
    assertThat(endpoint.seen).hasSize(15);
  }

  @Test
  void callsGivenUpByAnotherRunAreSpent() {
    UsageLedger ledger = new UsageLedger();
    assertThatThrownBy(
            () ->
                calls(budget(15).withOrder(ResultOrder.AS_THEY_COME))
                    .ledger(ledger)
                    .run(
                        inputs(10).iterator(),
                        java.util.OptionalLong.of(10),
                        result -> {
                          throw new IllegalStateException("sink");
                        }))
        .hasMessage("sink");
    assertThat(ledger.total().calls() + ledger.failedCalls()).isEqualTo(10);
    assertThat(calls(budget(15)).ledger(ledger).run(inputs(10)).succeeded()).isEqualTo(5);
  }

  @Test
  void aCallWhoseUsageCannotBeReadIsSpentAndEndsTheRun() {
    UsageLedger ledger = new UsageLedger();
    assertThatThrownBy(
            () ->
                calls(budget(15))
                    .ledger(ledger)
                    .usage(
                        answer -> {
                          throw new IllegalStateException("no usage");
                        })
                    .run(inputs(1)))
        .hasMessage("no usage");
    assertThat(ledger.failedCalls()).isEqualTo(1);
  }

  @Test
  void anAnswerThatComesAfterItsCallWasGivenUpIsOneCall() {
    UsageLedger ledger = new UsageLedger();
    Calls<String, String> calls =
        Calls.<String, String>of(
                "target",
                (input, attempt) -> {
                  CompletableFuture<String> stubborn =
                      new CompletableFuture<>() {
                        @Override
                        public boolean cancel(boolean mayInterruptIfRunning) {
                          return false;
                        }
                      };
                  clock.after(
                      Duration.ofSeconds(attempt.number() == 1 ? 7 : 4),
                      () -> stubborn.complete("answer"));
                  return stubborn;
                })
            .options(TEN.withTimeout(Duration.ofSeconds(5)))
            .clock(clock)
            .usage(answer -> Usage.ofGeneration(2, 3, Duration.ZERO))
            .ledger(ledger);
    assertThat(calls.run(inputs(3)).attempts()).isEqualTo(6);
    assertThat(ledger.total().calls()).isEqualTo(6);
    assertThat(ledger.total().totalTokens()).isEqualTo(30);
    assertThat(ledger.failedCalls()).isZero();
  }

  @Test
  @Timeout(60)
  void aRunWithinACallOfAnotherRunEndsInsteadOfWaitingForIt() {
    UsageLedger ledger = new UsageLedger();
    List<CallReport<String>> inner = new ArrayList<>();
    CallReport<String> outer =
        Calls.<String, String>of(
                "outer",
                AsyncCall.on(
                    Runnable::run,
                    (input, attempt) -> {
                      inner.add(
                          calls(budget(1)).ledger(ledger).clock(new VirtualClock()).run(inputs(2)));
                      return "done";
                    }))
            .options(budget(1))
            .ledger(ledger)
            .run(List.of("q"));
    assertThat(outer.succeeded()).isEqualTo(1);
    assertThat(inner).hasSize(1);
    assertThat(inner.get(0).incomplete()).isEqualTo("budget: calls");
    assertThat(endpoint.seen).isEmpty();
  }

  @RepeatedTest(5)
  @Timeout(120)
  void runsAtTheSameTimeMakeNoMoreCallsThanTheirBudget() throws Exception {
    int runs = 4;
    int most = 97;
    UsageLedger ledger = new UsageLedger();
    AtomicInteger made = new AtomicInteger();
    RetryPolicy soon =
        new RetryPolicy(3, Duration.ZERO, 1, Duration.ZERO, 0, Duration.ofMinutes(1));
    ExecutorService workers = Executors.newFixedThreadPool(16);
    ExecutorService drivers = Executors.newFixedThreadPool(runs);
    try {
      List<Future<CallReport<Integer>>> reports = new ArrayList<>();
      for (int run = 0; run < runs; run++) {
        Calls<String, Integer> calls =
            Calls.<String, Integer>of(
                    "role " + run,
                    AsyncCall.on(
                        workers,
                        (input, attempt) -> {
                          int number = made.incrementAndGet();
                          TimeUnit.MICROSECONDS.sleep(200 + number * 7919L % 800);
                          if (number % 3 == 0) {
                            throw new IOException("reset");
                          }
                          return number;
                        }))
                .options(
                    CallOptions.DEFAULT
                        .withConcurrency(ConcurrencyLimits.atMost(8))
                        .withRetry(soon)
                        .withBudget(Budget.UNLIMITED.withCalls(most)))
                .usage(answer -> Usage.ofGeneration(1, 1, Duration.ZERO))
                .ledger(ledger);
        reports.add(drivers.submit(() -> calls.run(inputs(60))));
      }
      long answered = 0;
      long attempts = 0;
      for (Future<CallReport<Integer>> future : reports) {
        CallReport<Integer> report = future.get();
        assertThat(report.results()).hasSize(60);
        assertThat(report.complete() || report.incomplete().equals("budget: calls")).isTrue();
        answered += report.succeeded();
        attempts += report.attempts();
      }
      // 240 inputs: the budget runs out, and not one call of it is lost.
      assertThat(made).hasValue(most);
      assertThat(attempts).isEqualTo(most);
      assertThat(ledger.total().calls()).isEqualTo(answered);
      assertThat(ledger.total().calls() + ledger.failedCalls()).isEqualTo(most);
    } finally {
      workers.shutdownNow();
      drivers.shutdownNow();
    }
  }

  @Test
  void aSumThatOverflowsChangesNothing() {
    UsageLedger ledger = new UsageLedger();
    Usage huge = new Usage(1, Long.MAX_VALUE / 2 + 1, 0, 0, 0, 0, Duration.ZERO);
    ledger.add("judge", huge);
    assertThat(ledger.reserve(Budget.UNLIMITED.withCalls(2), Duration.ZERO)).isEmpty();
    assertThatThrownBy(() -> ledger.settle("judge", huge)).isInstanceOf(RuntimeException.class);
    ledger.settleFailed();
    assertThat(ledger.total()).isEqualTo(huge);
    assertThat(ledger.byRole()).containsEntry("judge", huge);
    assertThat(ledger.reserve(Budget.UNLIMITED.withCalls(2), Duration.ZERO)).isPresent();
  }

  /** Without atomic reservations two of the threads would now and then both find room. */
  @Test
  @Timeout(60)
  void ofManyAtOnceOneGetsTheLastCall() throws Exception {
    int threads = 8;
    Budget one = Budget.UNLIMITED.withCalls(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 2000; round++) {
        UsageLedger ledger = new UsageLedger();
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Boolean>> tries = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          tries.add(
              pool.submit(
                  () -> {
                    start.await();
                    return ledger.reserve(one, Duration.ZERO).isEmpty();
                  }));
        }
        int reserved = 0;
        for (Future<Boolean> attempt : tries) {
          reserved += attempt.get() ? 1 : 0;
        }
        assertThat(reserved).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
