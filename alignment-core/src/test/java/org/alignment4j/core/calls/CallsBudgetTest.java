package org.alignment4j.core.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.junit.jupiter.api.Test;

class CallsBudgetTest extends SimulatedCalls {

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
  void anAnswerThatComesTooLateIsOneCall() {
    endpoint.latency = (input, attempt) -> Duration.ofSeconds(attempt.number() == 1 ? 7 : 4);
    CallReport<String> report =
        calls(TEN.withTimeout(Duration.ofSeconds(5)).withBudget(Budget.UNLIMITED.withCalls(6)))
            .run(inputs(3));
    assertThat(endpoint.seen).hasSize(6);
    assertThat(report.succeeded()).isEqualTo(3);
    assertThat(report.complete()).isTrue();
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
}
