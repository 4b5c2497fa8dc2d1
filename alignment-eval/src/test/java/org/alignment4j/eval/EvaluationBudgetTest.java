package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.core.calls.CallClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each call of the model costs ten tokens. */
class EvaluationBudgetTest {
  @TempDir Path folder;

  private final TinyBenchmark tiny = new TinyBenchmark("tiny", 30);
  private final ScriptedModel model = new ScriptedModel("m", ScriptedModel::mostlyRight);

  private Evaluation evaluation(Budget budget) {
    return Evaluation.of(tiny).model(model).batchSize(4).budget(budget);
  }

  @Test
  void tokensEndTheRunAfterTheBatchUnderWay() {
    BenchmarkOutcome outcome =
        evaluation(Budget.UNLIMITED.withTokens(50)).run().outcome("tiny", "m");

    assertThat(outcome.status()).isEqualTo("INCOMPLETE(budget: tokens)");
    assertThat(outcome.result().incomplete()).isEqualTo("budget: tokens");
    assertThat(outcome.samples()).hasSize(8);
    assertThat(outcome.missing()).isEqualTo(22);
    assertThat(outcome.result().estimate("accuracy").n()).isEqualTo(8);
    assertThat(outcome.result().estimate("accuracy").failed()).isZero();
    assertThat(model.calls()).isEqualTo(8);
  }

  @Test
  void callsAndMoneyEndTheRun() {
    assertThat(evaluation(Budget.UNLIMITED.withCalls(9)).run().outcome("tiny", "m").status())
        .isEqualTo("INCOMPLETE(budget: calls)");

    EvaluationRun run =
        evaluation(Budget.UNLIMITED.withMoney(1))
            .prices((role, usage) -> role.equals("target") ? 0.01 * usage.totalTokens() : 99)
            .run();
    assertThat(run.outcome("tiny", "m").status()).isEqualTo("INCOMPLETE(budget: money)");
    assertThat(run.spent()).isCloseTo(1.2, within(1e-9));
    assertThat(run.complete()).isFalse();
  }

  @Test
  void timeEndsTheRun() {
    AtomicLong now = new AtomicLong();
    ScriptedModel slow =
        new ScriptedModel(
            "m",
            prompt -> {
              now.addAndGet(TimeUnit.SECONDS.toNanos(1));
              return "yes";
            });
    CallClock clock =
        new CallClock() {
          @Override
          public long nanoTime() {
            return now.get();
          }

          @Override
          public <E> @Nullable E await(BlockingQueue<E> events, long until) {
            return events.poll();
          }
        };
    EvaluationRun run =
        Evaluation.of(tiny, new TinyBenchmark("second", 8))
            .model(slow)
            .batchSize(4)
            .clock(clock)
            .budget(Budget.UNLIMITED.withTime(Duration.ofSeconds(33)))
            .run();
    assertThat(run.outcome("tiny", "m").complete()).isTrue();
    assertThat(run.outcome("second", "m").status()).isEqualTo("INCOMPLETE(budget: time)");
    assertThat(run.outcome("second", "m").samples()).hasSize(4);
    assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(34));
  }

  @Test
  void aBudgetIsSharedByAllBenchmarks() {
    EvaluationRun run =
        Evaluation.of(tiny, new TinyBenchmark("second", 8))
            .model(model)
            .budget(Budget.UNLIMITED.withTokens(300))
            .run();
    assertThat(run.outcome("tiny", "m").complete()).isTrue();
    assertThat(run.outcome("second", "m").missing()).isEqualTo(8);
    assertThat(run.outcome("second", "m").result().estimate("accuracy").value()).isNaN();
  }

  @Test
  void aSpentBudgetStaysSpentAndAHigherOneGoesOn() {
    BenchmarkOutcome half =
        evaluation(Budget.UNLIMITED.withTokens(50)).runFolder(folder).run().outcome("tiny", "m");
    BenchmarkOutcome again =
        evaluation(Budget.UNLIMITED.withTokens(50)).runFolder(folder).run().outcome("tiny", "m");
    assertThat(again).isEqualTo(half);
    assertThat(model.calls()).isEqualTo(8);

    BenchmarkOutcome whole =
        evaluation(Budget.UNLIMITED).runFolder(folder).run().outcome("tiny", "m");
    assertThat(whole.complete()).isTrue();
    assertThat(model.calls()).isEqualTo(30);
    assertThat(whole.result())
        .isEqualTo(evaluation(Budget.UNLIMITED).run().report().results().get(0));
  }
}
