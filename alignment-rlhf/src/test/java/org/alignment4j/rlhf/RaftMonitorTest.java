package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.RunEnd;
import org.alignment4j.runtime.train.RunHooks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When iterations end early, and what is looked at then. */
class RaftMonitorTest {

  private static final long ITERATIONS = 5;
  private static final String METRIC = "loss";

  private DecoderModel model;

  @BeforeEach
  void open() {
    model = SmallPolicies.model();
  }

  @AfterEach
  void close() {
    model.close();
  }

  /** Notes when it is called, and reports how often it was. */
  private static final class Noting implements LanguageCallback {
    private final String name;
    private final long every;
    private final List<Long> calls = new ArrayList<>();

    Noting(String name, long every) {
      this.name = name;
      this.every = every;
    }

    @Override
    public String description() {
      return name;
    }

    @Override
    public boolean due(long step) {
      return step % every == 0;
    }

    @Override
    public Map<String, Double> after(long step, PresentModel present) {
      throw new IllegalStateException("the model is open");
    }

    @Override
    public Map<String, Double> after(long step, DecoderModel present) {
      calls.add(step);
      return Map.of(name, (double) calls.size());
    }
  }

  private static RaftMonitor monitor(EarlyStopping rule, Noting... callbacks) {
    RunHooks hooks = RunHooks.none();
    for (Noting callback : callbacks) {
      hooks = hooks.and(callback);
    }
    return new RaftMonitor(hooks.stopping(rule), ITERATIONS, "run again", true);
  }

  private Metrics after(RaftMonitor monitor, long step, double value) {
    return monitor.after(new Metrics(step, Map.of(METRIC, value)), model);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void endsAtTheReportThatExhaustsThePatience(int patience) {
    RaftMonitor monitor = monitor(EarlyStopping.minimise(METRIC, patience));
    after(monitor, 1, 2);
    for (int waited = 1; waited <= patience; waited++) {
      assertThat(monitor.stopped()).as("after %s reports", waited - 1).isFalse();
      after(monitor, 1 + waited, 2);
    }
    assertThat(monitor.stopped()).isTrue();
    assertThat(monitor.bestAt(1)).isTrue();
    assertThat(monitor.end(1 + patience))
        .isEqualTo(
            new RunEnd(1 + patience, ITERATIONS, 1, Optional.of(new RunEnd.Best(METRIC, 1, 2))));
  }

  @Test
  void anImprovementBeginsThePatienceAnew() {
    RaftMonitor monitor = monitor(EarlyStopping.maximise(METRIC, 2));
    double[] reports = {1, 0, 2, 1};
    for (int i = 0; i < reports.length; i++) {
      after(monitor, i + 1, reports[i]);
      assertThat(monitor.stopped()).isFalse();
    }
    after(monitor, 5, 1);
    assertThat(monitor.stopped()).isTrue();
    assertThat(monitor.bestAt(3)).isTrue();
  }

  @Test
  void whatIsNoNumberIsNeverTheBest() {
    RaftMonitor monitor = monitor(EarlyStopping.minimise(METRIC, 3));
    after(monitor, 1, Double.NaN);
    assertThat(monitor.bestAt(1)).isFalse();
    assertThat(monitor.end(1)).isEqualTo(new RunEnd(1, ITERATIONS, 1, Optional.empty()));
    after(monitor, 2, 7);
    assertThat(monitor.bestAt(2)).isTrue();
    after(monitor, 3, Double.NaN);
    assertThat(monitor.bestAt(2)).isTrue();
    assertThat(monitor.end(3).returnedStep()).isEqualTo(2);
    RaftMonitor never = monitor(EarlyStopping.minimise(METRIC, 2));
    after(never, 1, Double.NaN);
    assertThat(never.stopped()).isFalse();
    after(never, 2, Double.NaN);
    assertThat(never.stopped()).isTrue();
  }

  /** 0.5 is exact in binary. */
  @ParameterizedTest
  @EnumSource(EarlyStopping.Goal.class)
  void theLeastChangeMustBeExceeded(EarlyStopping.Goal goal) {
    double sign = goal == EarlyStopping.Goal.MAXIMISE ? 1 : -1;
    EarlyStopping rule = new EarlyStopping(METRIC, goal, 9, 0.5, EarlyStopping.Returned.BEST);
    RaftMonitor monitor = monitor(rule);
    after(monitor, 1, sign);
    after(monitor, 2, sign * 1.5);
    assertThat(monitor.bestAt(1)).as("0.5 is no more than 0.5").isTrue();
    after(monitor, 3, sign * Math.nextUp(1.5));
    assertThat(monitor.bestAt(3)).isTrue();
    after(monitor, 4, -9 * sign);
    assertThat(monitor.bestAt(3)).as("the other way round").isTrue();
  }

  @Test
  void theLastModelIsReturnedWhereAsked() {
    RaftMonitor monitor =
        monitor(EarlyStopping.minimise(METRIC, 1).returning(EarlyStopping.Returned.LAST));
    after(monitor, 1, 1);
    after(monitor, 2, 2);
    assertThat(monitor.bestAt(1)).isFalse();
    assertThat(monitor.end(2).returnedStep()).isEqualTo(2);
    assertThat(monitor.end(2).best()).contains(new RunEnd.Best(METRIC, 1, 1));
  }

  @Test
  void whatWasNotDueIsDoneWhereTheRunEndsEarly() {
    Noting second = new Noting("second", 2);
    Noting fourth = new Noting("fourth", 4);
    RaftMonitor monitor = monitor(EarlyStopping.minimise(METRIC, 1), second, fourth);
    assertThat(after(monitor, 1, 1).values()).isEqualTo(Map.of(METRIC, 1.0));
    assertThat(after(monitor, 2, 2).values())
        .isEqualTo(Map.of(METRIC, 2.0, "second", 1.0, "fourth", 1.0));
    assertThat(second.calls).as("once, though the run ends").containsExactly(2L);
    assertThat(fourth.calls).containsExactly(2L);
  }

  /** All is done there because it is the last iteration, and not again because the run ends. */
  @Test
  void anEndAtTheLastIterationIsNoEarlyOne() {
    Noting first = new Noting("first", 1);
    Noting second = new Noting("second", 2);
    RaftMonitor monitor = monitor(EarlyStopping.minimise(METRIC, 1), first, second);
    after(monitor, ITERATIONS - 1, 1);
    after(monitor, ITERATIONS, 2);
    assertThat(monitor.stopped()).isTrue();
    assertThat(first.calls).containsExactly(ITERATIONS - 1, ITERATIONS);
    assertThat(second.calls).containsExactly(ITERATIONS - 1, ITERATIONS);
    assertThat(monitor.end(ITERATIONS).stoppedEarly()).isFalse();
  }

  @Test
  void withoutARuleNothingEndsEarly() {
    Noting second = new Noting("second", 2);
    RaftMonitor monitor =
        new RaftMonitor(RunHooks.none().and(second), ITERATIONS, "run again", true);
    for (long step = 1; step <= ITERATIONS; step++) {
      after(monitor, step, step);
      assertThat(monitor.stopped()).isFalse();
    }
    assertThat(second.calls).containsExactly(2L, 4L, 5L);
    assertThat(monitor.end(ITERATIONS)).isEqualTo(RunEnd.afterAll(ITERATIONS));
  }

  /** A metric that an earlier process heard is awaited no more, though no evaluation reports it. */
  @Test
  void aMetricThatWasHeardBeforeIsNotMissed() {
    EarlyStopping rule = EarlyStopping.minimise("eval/held-out/loss", 3);
    RaftMonitor resumed = evaluated(rule);
    resumed.resume(List.of(new Metrics(1, Map.of("eval/held-out/loss", 2.0))));
    assertThat(resumed.heard()).isTrue();
    after(resumed, 2, 1);
    assertThat(resumed.stopped()).isFalse();
    assertThatThrownBy(() -> after(evaluated(rule), 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("eval/held-out/loss");
  }

  /** Of an evaluation that reports another metric. */
  private static RaftMonitor evaluated(EarlyStopping rule) {
    return monitor(rule, new Noting("eval/held-out/other", 1));
  }
}
