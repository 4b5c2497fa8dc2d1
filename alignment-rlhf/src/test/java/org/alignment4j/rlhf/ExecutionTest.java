package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.alignment4j.api.Progress;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.AdafactorConfig;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clock and executor of every trainer are those it was given. */
class ExecutionTest {

  private static final long SECOND = 1_000_000_000L;

  @TempDir static Path files;

  private static DecoderModel base;

  /** A second passes from each look at it to the next. */
  private static final class Ticks implements LongSupplier {
    private long seconds;

    @Override
    public long getAsLong() {
      return seconds++ * SECOND;
    }
  }

  /** Runs what it is given at once. */
  private static final class Counting implements Executor {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public void execute(Runnable work) {
      asked.incrementAndGet();
      work.run();
    }
  }

  @BeforeAll
  static void open() {
    base = Trainings.model(files);
  }

  @AfterAll
  static void close() {
    base.close();
  }

  static Stream<Training> all() {
    return Trainings.all().stream();
  }

  /** Adafactor parts even small adapters among threads, tensor by tensor. */
  private static FineTuningOptions parted(FineTuningOptions options) {
    return options.withOptimisation(
        options.optimisation().withOptimizer(AdafactorConfig.externalRate()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void clockAndExecutorAreThoseGiven(Training training) throws Exception {
    List<Progress> progress = new ArrayList<>();
    Counting executor = new Counting();
    training.train(
        base,
        options ->
            parted(options)
                .withExecutor(executor, 2)
                .withNanoClock(new Ticks())
                .withProgress(progress::add));
    assertThat(executor.asked).hasPositiveValue();
    assertThat(progress)
        .isNotEmpty()
        .extracting(Progress::elapsed)
        .allSatisfy(
            elapsed ->
                assertThat(elapsed)
                    .isPositive()
                    .isEqualTo(Duration.ofSeconds(elapsed.toSeconds())));
  }

  /** Rates follow from the clock to the last bit, and weights from neither clock nor threads. */
  @Test
  void runsOfOneClockReportTheSame() throws Exception {
    for (String name : List.of("tr-dpo", "ppo-lagrangian", "raft")) {
      Training.Outcome plain = Trainings.named(name).train(base, ExecutionTest::parted);
      List<List<Metrics>> reports = new ArrayList<>();
      for (int threads = 1; threads <= 3; threads += 2) {
        int count = threads;
        List<Metrics> heard = new ArrayList<>();
        Training.Outcome outcome =
            Trainings.named(name)
                .train(
                    base,
                    options ->
                        parted(options)
                            .withExecutor(new Counting(), count)
                            .withNanoClock(new Ticks())
                            .withMetrics(heard::add));
        assertThat(outcome.id()).as(name).isEqualTo(plain.id());
        assertThat(outcome.metrics()).isEqualTo(heard);
        reports.add(heard);
      }
      assertThat(reports.get(0)).as(name).isNotEmpty().isEqualTo(reports.get(1));
    }
  }

  @Test
  void eachIsSetByItself() {
    Counting executor = new Counting();
    Ticks clock = new Ticks();
    List<Progress> progress = new ArrayList<>();
    SftTrainer trainer =
        SftTrainer.of(base)
            .onProgress(progress::add)
            .executor(executor, 3)
            .nanoClock(clock)
            .seed(4);
    assertThat(trainer.options().execution().executor()).isSameAs(executor);
    assertThat(trainer.options().execution().threads()).isEqualTo(3);
    assertThat(trainer.options().execution().nanoClock()).isSameAs(clock);
    Trainings.shared(trainer).epochs(1).train(Trainings.answers()).model().close();
    assertThat(progress).isNotEmpty();
    assertThatThrownBy(() -> trainer.executor(executor, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads must be at least 1 but was 0");
  }
}
