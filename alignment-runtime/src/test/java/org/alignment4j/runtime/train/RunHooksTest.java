package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between updates: callbacks, early ends, and that both survive interruptions. */
class RunHooksTest {
  private static final long STEPS = 9;

  /** The best is after 3, and three reports later the run ends. */
  private static final double[] SCRIPT = {9, 5, 4, 3, 3.5, 3.0, 3.1, 1, 1, 1};

  private static DecoderFixture model;
  private static TrainFixture fixture;

  @TempDir Path folder;

  @BeforeAll
  static void load() throws Exception {
    fixture = TrainFixture.load("gpt2-tiny");
    model = DecoderFixture.load("fixtures/models/gpt2-tiny");
  }

  @AfterAll
  static void close() {
    if (model != null) {
      model.close();
    }
  }

  private record Scripted(LongPredicate when, LongFunction<Map<String, Double>> metrics)
      implements RunCallback {
    @Override
    public String description() {
      return "script";
    }

    @Override
    public boolean due(long step) {
      return when.test(step);
    }

    @Override
    public Map<String, Double> after(long step, PresentModel model) {
      return metrics.apply(step);
    }
  }

  private static RunHooks script(EarlyStopping rule) {
    return RunHooks.none()
        .and(new Scripted(s -> s > 0, s -> Map.of("eval/script", SCRIPT[(int) s])))
        .stopping(rule);
  }

  private static TrainingOptions options(RunHooks hooks) {
    return TrainingOptions.of(LearningRateSchedule.constant(1e-3)).checkpoints(4, 1).hooks(hooks);
  }

  private static TrainingResult train(
      TrainingOptions options, TrainingContext context, Path path, long steps) {
    Trainer trainer = new Trainer(model.engine, "sft", options, context);
    Trainable all = Trainable.all(model.weights);
    MicroBatchSource source = TrainFixture.repeated(steps, List.of(fixture.padded()));
    return path == null
        ? trainer.run(all, new MeanLoss(), source)
        : trainer.run(all, new MeanLoss(), source, path);
  }

  private static String plain(long steps) {
    return train(options(RunHooks.none()), TrainerTest.context(), null, steps)
        .weights()
        .contentHash();
  }

  /** Metrics without what the clock decides. */
  private static List<Map<String, Double>> values(List<Metrics> metrics) {
    return metrics.stream()
        .map(
            m -> {
              Map<String, Double> values = new LinkedHashMap<>(m.values());
              values.remove("tokens_per_second");
              values.put("number", (double) m.step());
              return values;
            })
        .toList();
  }

  @Test
  void endsAfterThePatienceAndGivesTheBest() {
    EarlyStopping rule = EarlyStopping.minimise("eval/script", 3);
    TrainingResult memory = train(options(script(rule)), TrainerTest.context(), null, STEPS);
    RunEnd end = new RunEnd(6, STEPS, 3, Optional.of(new RunEnd.Best("eval/script", 3, 3)));
    assertThat(memory.end()).isEqualTo(end);
    assertThat(memory.end().stoppedEarly()).isTrue();
    assertThat(memory.metrics()).hasSize(6);
    assertThat(memory.weights().contentHash()).isEqualTo(plain(3)).isNotEqualTo(plain(6));

    TrainingResult kept = train(options(script(rule)), TrainerTest.context(), folder, STEPS);
    assertThat(kept.end()).isEqualTo(end);
    assertThat(kept.weights().contentHash()).isEqualTo(memory.weights().contentHash());
    assertThat(folder.resolve("checkpoint-3")).as("the best, though one is kept").exists();
    assertThat(folder.resolve("checkpoint-4")).doesNotExist();
    assertThat(folder.resolve("checkpoint-6")).exists();
  }

  @Test
  void givesTheLastWhereAsked() {
    EarlyStopping rule =
        EarlyStopping.minimise("eval/script", 3).returning(EarlyStopping.Returned.LAST);
    TrainingResult result = train(options(script(rule)), TrainerTest.context(), folder, STEPS);
    assertThat(result.end().returnedStep()).isEqualTo(6);
    assertThat(result.end().best().orElseThrow().step()).isEqualTo(3);
    assertThat(result.weights().contentHash()).isEqualTo(plain(6));
    assertThat(folder.resolve("checkpoint-3")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void interruptedRunsEndAtTheSameStepWithTheSameBits(int at, @TempDir Path whole) {
    TrainingOptions options = options(script(EarlyStopping.minimise("eval/script", 3)));
    TrainingResult expected = train(options, TrainerTest.context(), whole, STEPS);
    TrainingContext dying =
        TrainerTest.context()
            .metrics(
                m -> {
                  if (m.step() == at) {
                    throw new IllegalStateException("died");
                  }
                });
    assertThatThrownBy(() -> train(options, dying, folder, STEPS)).hasMessage("died");
    AtomicBoolean reached = new AtomicBoolean();
    TrainingContext cancelled =
        TrainerTest.context()
            .metrics(m -> reached.set(reached.get() || m.step() == at))
            .cancellation(reached::get);
    if (at < 6) {
      assertThatThrownBy(() -> train(options, cancelled, folder, STEPS))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("after step " + at + "; run again with the folder");
    }
    for (int again = 0; again < 2; again++) {
      TrainingResult resumed = train(options, TrainerTest.context(), folder, STEPS);
      assertThat(resumed.end()).isEqualTo(expected.end());
      assertThat(resumed.weights().contentHash()).isEqualTo(expected.weights().contentHash());
      assertThat(values(RunFolder.readMetrics(folder))).isEqualTo(values(expected.metrics()));
    }
  }

  @Test
  void aFailingCallbackIsNamedAndDoneFirstWhenTheRunContinues() {
    List<Long> done = new ArrayList<>();
    AtomicBoolean broken = new AtomicBoolean(true);
    RunHooks hooks =
        RunHooks.none()
            .and(
                new Scripted(
                    s -> s % 2 == 1,
                    s -> {
                      if (s == 3 && broken.getAndSet(false)) {
                        throw new IllegalStateException("no data");
                      }
                      done.add(s);
                      return Map.of("eval/script", (double) s);
                    }));
    assertThatThrownBy(() -> train(options(hooks), TrainerTest.context(), folder, 6))
        .isInstanceOf(AlignmentException.class)
        .hasMessage(
            "script failed after step 3: no data; run again with the folder %s to continue", folder)
        .hasRootCauseMessage("no data");
    assertThat(RunFolder.readMetrics(folder)).extracting(Metrics::step).containsExactly(1L, 2L);
    TrainingContext dying =
        TrainerTest.context()
            .metrics(
                m -> {
                  throw new IllegalStateException("died");
                });
    assertThatThrownBy(() -> train(options(hooks), dying, folder, 6))
        .as("after the callback, its metrics written and not yet its checkpoint")
        .hasMessage("died");
    assertThat(RunFolder.readMetrics(folder)).hasSize(3);
    List<Long> updates = new ArrayList<>();
    TrainingResult resumed =
        train(options(hooks), TrainerTest.context().metrics(m -> updates.add(m.step())), folder, 6);
    assertThat(done).as("the last one too").containsExactly(1L, 3L, 3L, 5L, 6L);
    assertThat(updates).containsExactly(3L, 4L, 5L, 6L);
    assertThat(resumed.weights().contentHash()).isEqualTo(plain(6));
    List<Metrics> all = RunFolder.readMetrics(folder);
    assertThat(all).extracting(Metrics::step).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(all.get(2).values()).containsEntry("eval/script", 3.0).containsKey("grad_norm");
    assertThat(values(all))
        .isEqualTo(values(train(options(hooks), TrainerTest.context(), null, 6).metrics()));
  }

  @Test
  void aCancelledCallbackIsDoneAgain() {
    AtomicBoolean first = new AtomicBoolean(true);
    RunHooks hooks =
        RunHooks.none()
            .and(
                new Scripted(
                    s -> s == 2,
                    s -> {
                      if (s == 2 && first.getAndSet(false)) {
                        throw new CancelledException("evaluating was cancelled");
                      }
                      return Map.of("eval/script", 1.0);
                    }));
    assertThatThrownBy(() -> train(options(hooks), TrainerTest.context(), folder, 3))
        .isInstanceOf(CancelledException.class)
        .hasMessageStartingWith("evaluating was cancelled after step 2; run again");
    TrainingResult resumed = train(options(hooks), TrainerTest.context(), folder, 3);
    assertThat(resumed.weights().contentHash()).isEqualTo(plain(3));
    assertThat(RunFolder.readMetrics(folder).get(1).values()).containsKey("eval/script");
  }

  @Test
  void whatComesBeforeTheFirstUpdateIsStepZeroAndDoneOnce() {
    List<Long> done = new ArrayList<>();
    RunHooks hooks =
        RunHooks.none()
            .and(
                new Scripted(
                    s -> s == 0,
                    s -> {
                      done.add(s);
                      return Map.of("eval/script", 7.0 + s);
                    }))
            .stopping(EarlyStopping.minimise("eval/script", 1));
    AtomicBoolean stop = new AtomicBoolean();
    TrainingContext context =
        TrainerTest.context().metrics(m -> stop.set(true)).cancellation(stop::get);
    assertThatThrownBy(() -> train(options(hooks), context, folder, 2))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("after step 0");
    TrainingResult result = train(options(hooks), TrainerTest.context(), folder, 2);
    assertThat(done).containsExactly(0L, 2L);
    List<Metrics> all = RunFolder.readMetrics(folder);
    assertThat(all).extracting(Metrics::step).containsExactly(0L, 1L, 2L);
    assertThat(all.get(0).values()).containsExactly(Map.entry("eval/script", 7.0));
    assertThat(result.end().returnedStep()).as("before the first update it was best").isZero();
    assertThat(result.weights().contentHash()).isEqualTo(model.weights.contentHash());
  }

  @Test
  void anotherRuleIsAnotherRun() {
    train(
        options(script(EarlyStopping.minimise("eval/script", 3))),
        TrainerTest.context(),
        folder,
        STEPS);
    assertThatThrownBy(
            () ->
                train(
                    options(script(EarlyStopping.minimise("eval/script", 4))),
                    TrainerTest.context(),
                    folder,
                    STEPS))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("early_stopping");
  }

  private static StoppingState after(EarlyStopping rule, double... reports) {
    StoppingState state = StoppingState.begin();
    long step = 0;
    for (double report : reports) {
      state = state.after(rule, new Metrics(++step, Map.of("m", report)));
      assertThat(StoppingState.of(state.values())).isEqualTo(state);
    }
    return state;
  }

  @Test
  void whatCountsAsAnImprovement() {
    EarlyStopping rising = EarlyStopping.maximise("m", 2).minimumChange(0.5);
    assertThat(after(rising, 1, 1.5).waited()).as("no more than the least change").isEqualTo(1);
    assertThat(after(rising, 1, 1.5, 1.75).improvedAt(3)).isTrue();
    assertThat(after(rising, 1, 1.5, 1.4).stopped()).isTrue();
    assertThat(after(rising, 3, 2, 4).waited()).isZero();
    EarlyStopping falling = EarlyStopping.minimise("m", 2);
    assertThat(after(falling, Double.NaN, 2).improvedAt(2)).isTrue();
    assertThat(after(falling, Double.NaN, Double.NaN).stopped()).isTrue();
    assertThat(after(falling, 2, Double.NaN, 2).stopped()).isTrue();
    assertThat(after(falling, 2).after(falling, new Metrics(2, Map.of())).waited()).isZero();
    assertThatThrownBy(() -> EarlyStopping.minimise("m", 0))
        .hasMessage("patience must be at least 1 but was 0");
    assertThatThrownBy(() -> rising.minimumChange(-1))
        .hasMessage("minimumChange must be finite and not negative but was -1.0");
    assertThatThrownBy(
            () -> RunHooks.none().stopping(EarlyStopping.minimise("eval/held-out/loss", 1)))
        .hasMessageContaining("needs an evaluation");
  }

  @Test
  void logsGoBackToTheCheckpoint() {
    for (int process = 0; process < 2; process++) {
      try (RunFolder run = RunFolder.open(folder, Map.of("task", "t"), 1)) {
        StepLog log = run.log("notes.jsonl", "notes", 1);
        if (process == 0) {
          log.append(2, Map.of("n", 1));
          log.append(2, Map.of("n", 2));
          run.save(2, List.of(), Map.of());
          log.append(3, Map.of("n", 3));
          assertThatThrownBy(() -> log.append(2, Map.of()))
              .hasMessage("step must not be below the last one, 3, but was 2");
        }
      }
      assertThat(StepLog.read(folder.resolve("notes.jsonl"), "notes", 1))
          .extracting(line -> line.get("n"))
          .containsExactly(process == 0 ? new Object[] {1, 2, 3} : new Object[] {1, 2});
    }
    assertThatThrownBy(() -> StepLog.read(folder.resolve("notes.jsonl"), "other", 1))
        .isInstanceOf(RunFolderException.class);
  }
}
