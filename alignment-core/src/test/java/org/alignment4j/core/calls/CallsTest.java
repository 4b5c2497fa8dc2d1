package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.Progress;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.junit.jupiter.api.Test;

class CallsTest {

  private static final RetryPolicy STEADY = // no jitter: times can be computed by hand
      new RetryPolicy(
          4, Duration.ofSeconds(2), 2, Duration.ofSeconds(60), 0, Duration.ofMinutes(10));
  private static final CallOptions TEN =
      CallOptions.DEFAULT.withConcurrency(ConcurrencyLimits.atMost(10)).withRetry(STEADY);

  private final VirtualClock clock = new VirtualClock();
  private final Endpoint endpoint = new Endpoint(clock);

  private Calls<String, String> calls(CallOptions options) {
    return Calls.of("target", endpoint).options(options).clock(clock);
  }

  private static List<String> inputs(int count) {
    return IntStream.range(0, count).mapToObj(i -> "q" + i).toList();
  }

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
  void aBudgetOfCallsCountsEveryAttempt() {
    endpoint.failure =
        (input, attempt) ->
            input.equals("q0") && attempt.number() < 3 ? Endpoint.status(500, null) : null;
    CallReport<String> report =
        calls(TEN.withBudget(Budget.UNLIMITED.withCalls(13))).run(inputs(40));
    assertThat(endpoint.seen).hasSize(13);
    assertThat(report.incomplete()).isEqualTo("budget: calls");
    assertThat(report.succeeded() + report.missing()).isEqualTo(40);
    assertThat(report.failed()).isZero();
    assertThat(report.results().get(39)).isEqualTo(new CallResult.Missing<>(39, "budget: calls"));
  }

  @Test
  void aZeroBudgetCallsNothing() {
    for (Budget budget :
        List.of(
            Budget.UNLIMITED.withCalls(0),
            Budget.UNLIMITED.withTokens(0),
            Budget.UNLIMITED.withMoney(0),
            Budget.UNLIMITED.withTime(Duration.ZERO))) {
      CallReport<String> report = calls(TEN.withBudget(budget)).run(inputs(3));
      assertThat(endpoint.seen).isEmpty();
      assertThat(report.complete()).isFalse();
      assertThat(report.missing()).isEqualTo(3);
      assertThat(report.incomplete()).startsWith("budget: ");
      assertThat(report.results()).allMatch(r -> r instanceof CallResult.Missing);
    }
  }

  @Test
  void budgetsOfTokensMoneyAndTimeStopNewCallsAndLetRunningOnesFinish() {
    Calls<String, String> calls =
        calls(TEN.withBudget(Budget.UNLIMITED.withTokens(250)))
            .usage(answer -> Usage.ofGeneration(4, 6, Duration.ofSeconds(1)))
            .ledger(new UsageLedger((role, usage) -> usage.totalTokens() * 0.5));
    CallReport<String> report = calls.run(inputs(100));
    // 25 answers reach 250 tokens; the ten that then run are finished.
    assertThat(report.succeeded()).isBetween(25L, 34L);
    assertThat(report.incomplete()).isEqualTo("budget: tokens");
    assertThat(report.usage().get("target").totalTokens()).isEqualTo(10 * report.succeeded());
    assertThat(report.spent()).isCloseTo(5.0 * report.succeeded(), within(1e-9));

    CallReport<String> money =
        calls(TEN.withBudget(Budget.UNLIMITED.withMoney(3)))
            .ledger(new UsageLedger((role, usage) -> usage.calls()))
            .run(inputs(100));
    assertThat(money.succeeded()).isBetween(3L, 12L);
    assertThat(money.incomplete()).isEqualTo("budget: money");

    CallReport<String> time =
        calls(TEN.withBudget(Budget.UNLIMITED.withTime(Duration.ofMillis(2500)))).run(inputs(100));
    assertThat(time.succeeded()).isEqualTo(30);
    assertThat(time.incomplete()).isEqualTo("budget: time");
  }

  @Test
  void aTimeBudgetDoesNotWaitForABackoff() {
    endpoint.failure = (input, attempt) -> Endpoint.status(503, Duration.ofSeconds(300));
    CallReport<String> report =
        calls(TEN.withBudget(Budget.UNLIMITED.withTime(Duration.ofSeconds(10)))).run(List.of("q"));
    assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(11));
    assertThat(report.missing()).isEqualTo(1);
    assertThat(report.failed()).isZero();
  }

  @Test
  void runsShareTheBudgetOfASharedLedger() {
    UsageLedger ledger = new UsageLedger();
    CallOptions options = TEN.withBudget(Budget.UNLIMITED.withCalls(15));
    assertThat(calls(options).ledger(ledger).run(inputs(10)).complete()).isTrue();
    CallReport<String> second =
        Calls.of("judge", endpoint).options(options).clock(clock).ledger(ledger).run(inputs(10));
    assertThat(second.succeeded()).isEqualTo(5);
    assertThat(ledger.byRole().keySet()).containsExactly("target", "judge");
    assertThat(ledger.byRole().get("target").calls()).isEqualTo(10);
    assertThat(ledger.byRole().get("judge").calls()).isEqualTo(5);
    assertThat(ledger.total().calls()).isEqualTo(15);
  }

  @Test
  void aBudgetOfTheCallItselfEndsTheRun() {
    endpoint.failure =
        (input, attempt) ->
            input.equals("q2") ? new BudgetExceededException("tokens", "spent") : null;
    CallReport<String> report = calls(TEN).run(inputs(100));
    assertThat(report.incomplete()).isEqualTo("budget: tokens");
    assertThat(report.results().get(2)).isInstanceOf(CallResult.Missing.class);
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
  void resultsComeInTheOrderOfInputsOrAsTheyCome() {
    endpoint.latency = (input, attempt) -> Duration.ofSeconds(input.equals("q0") ? 100 : 1);
    List<Long> ordered = new ArrayList<>();
    calls(TEN).run(inputs(500).iterator(), OptionalLong.empty(), r -> ordered.add(r.index()));
    assertThat(ordered).isSorted().hasSize(500);
    // While the first was not answered no more than the window was started.
    assertThat(endpoint.seen.stream().filter(s -> s.at() < 99)).hasSize(40);

    List<Long> coming = new ArrayList<>();
    calls(TEN.withOrder(ResultOrder.AS_THEY_COME))
        .run(inputs(500).iterator(), OptionalLong.of(500), r -> coming.add(r.index()));
    assertThat(coming).hasSize(500).doesNotHaveDuplicates().endsWith(0L);
  }

  @Test
  void aBrokenSinkEndsTheRunAndGivesUpWhatRuns() {
    assertThatThrownBy(
            () ->
                calls(TEN)
                    .run(
                        inputs(50).iterator(),
                        OptionalLong.empty(),
                        r -> {
                          throw new IllegalStateException("sink");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sink");
    assertThat(endpoint.seen).hasSize(10);
    assertThat(endpoint.seen.get(9).attempt().cancellation().isCancelled()).isTrue();
  }

  @Test
  void progressIsToldNowAndThenAndAtTheEnd() {
    List<Progress> told = new ArrayList<>();
    calls(TEN).progress("truthfulqa", told::add).run(inputs(100));
    assertThat(told).hasSizeBetween(5, 45);
    assertThat(told.stream().map(Progress::done)).isSorted();
    Progress last = told.get(told.size() - 1);
    assertThat(last.task()).isEqualTo("truthfulqa");
    assertThat(last.done()).isEqualTo(100);
    assertThat(last.total()).hasValue(100);
    assertThat(told.get(told.size() - 2).rate()).isCloseTo(10, within(4.0));
    assertThat(last.metrics()).containsEntry("failed", 0.0);
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
  void noInputsNoCalls() {
    CallReport<String> report = calls(TEN).run(List.of());
    assertThat(report.complete()).isTrue();
    assertThat(report.results()).isEmpty();
    assertThat(report.usage()).isEqualTo(Map.of());
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
}
