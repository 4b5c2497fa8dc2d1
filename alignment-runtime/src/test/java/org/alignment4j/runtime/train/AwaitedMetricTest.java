package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that wait for a metric that nothing reports, and what a run says of where it is. */
class AwaitedMetricTest {
  private static final long STEPS = 5;

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

  /** An evaluation of one name. */
  private record Evaluation(String name, long every, boolean atStart) implements RunCallback {
    @Override
    public String description() {
      return "evaluation '%s'".formatted(name);
    }

    @Override
    public boolean due(long step) {
      return step == 0 ? atStart : step % every == 0;
    }

    @Override
    public boolean reports(String metric) {
      return metric.startsWith(RunHooks.EVALUATION + name + "/");
    }

    @Override
    public Map<String, Double> after(long step, PresentModel model) {
      return Map.of(RunHooks.EVALUATION + name + "/loss", 10.0 - step);
    }
  }

  private static final Evaluation TWO = new Evaluation("two", 2, false);
  private static final Evaluation THREE = new Evaluation("three", 3, false);

  private static RunHooks hooks(EarlyStopping rule, RunCallback... callbacks) {
    return new RunHooks(List.of(callbacks), java.util.Optional.of(rule));
  }

  private static EarlyStopping falling(String metric) {
    return EarlyStopping.minimise(metric, 2);
  }

  private static TrainingResult train(RunHooks hooks, TrainingContext context, Path path) {
    TrainingOptions options =
        TrainingOptions.of(LearningRateSchedule.constant(1e-3)).checkpoints(4, 1).hooks(hooks);
    Trainer trainer = new Trainer(model.engine, "sft", options, context);
    Trainable all = Trainable.all(model.weights);
    MicroBatchSource source = TrainFixture.repeated(STEPS, List.of(fixture.padded()));
    return path == null
        ? trainer.run(all, new MeanLoss(), source)
        : trainer.run(all, new MeanLoss(), source, path);
  }

  private static TrainingContext context() {
    return TrainerTest.context();
  }

  @Test
  void itIsKnownOnceEveryEvaluationThatMayReportItWasMade() {
    AwaitedMetric awaited = new AwaitedMetric(hooks(falling("eval/three/acc"), TWO, THREE), false);
    awaited.done(TWO);
    assertThat(awaited.after(new Metrics(2, Map.of("loss", 1.0)))).isEmpty();
    awaited.done(THREE);
    AwaitedMetric.Missing missing =
        awaited.after(new Metrics(3, Map.of("eval/three/loss", 1.0))).orElseThrow();
    assertThat(missing.certain()).isTrue();
    assertThat(missing.problem())
        .isEqualTo(
            "early stopping waits for eval/three/acc, which no evaluation reported at step 3; there"
                + " are eval/three/loss, loss");
    assertThat(awaited.after(new Metrics(4, Map.of()))).as("said once").isEmpty();
  }

  @Test
  void theNearestNamesComeFirst() {
    AwaitedMetric awaited = new AwaitedMetric(hooks(falling("rewards/lenn/mean")), false);
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (String name : List.of("loss", "reward", "rewards/year/mean", "rewards/len/mean", "kl")) {
      metrics.put(name, 1.0);
    }
    assertThat(awaited.after(new Metrics(1, metrics)).orElseThrow().problem())
        .endsWith("there are rewards/len/mean, rewards/year/mean, reward, loss, kl");
    assertThat(NearestNames.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestNames.distance("", "abc")).isEqualTo(3);
    assertThat(NearestNames.distance("abc", "abc")).isZero();
  }

  @Test
  void ofAnotherMetricTheFirstUpdateTells() {
    AwaitedMetric awaited = new AwaitedMetric(hooks(falling("los"), TWO), false);
    assertThat(awaited.after(new Metrics(0, Map.of()))).isEmpty();
    AwaitedMetric.Missing missing =
        awaited.after(new Metrics(1, Map.of("loss", 1.0))).orElseThrow();
    assertThat(missing.certain()).as("later steps may report it").isFalse();
    assertThat(missing.problem()).contains("los, which was not reported at step 1; there is loss");
    AwaitedMetric there = new AwaitedMetric(hooks(falling("loss")), false);
    assertThat(there.after(new Metrics(1, Map.of("loss", Double.NaN)))).isEmpty();
    assertThat(there.after(new Metrics(2, Map.of()))).isEmpty();
    assertThat(new AwaitedMetric(hooks(falling("los")), true).after(new Metrics(1, Map.of())))
        .isEmpty();
    assertThat(new AwaitedMetric(RunHooks.none(), false).after(new Metrics(1, Map.of()))).isEmpty();
  }

  @Test
  void anEvaluationThatThereIsNotIsRefusedBeforeTheRun() {
    assertThatThrownBy(() -> hooks(falling("eval/tow/loss"), TWO, THREE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "early stopping on eval/tow/loss needs an evaluation that reports it but there is none"
                + " among [evaluation 'two', evaluation 'three']; add one, or name another metric");
  }

  /** The run fails at the first evaluation and goes on as if the name had been right. */
  @Test
  void nothingIsLostByAWrongName(@TempDir Path right) {
    RunHooks wrong = hooks(falling("eval/two/los"), TWO);
    List<Long> steps = new ArrayList<>();
    assertThatThrownBy(() -> train(wrong, context().metrics(m -> steps.add(m.step())), folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "waits for eval/two/los, which no evaluation reported at step 2",
            "eval/two/loss",
            "correct the name and run again with the folder " + folder);
    assertThat(steps).containsExactly(1L, 2L);
    RunHooks corrected = hooks(falling("eval/two/loss"), TWO);
    TrainingResult whole = train(corrected, context(), right);
    TrainingResult resumed = train(corrected, context().metrics(m -> steps.add(m.step())), folder);
    assertThat(steps).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(resumed.end()).isEqualTo(whole.end());
    assertThat(resumed.end().best().orElseThrow().step()).isEqualTo(5);
    assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
    assertThatThrownBy(() -> train(wrong, context(), folder))
        .as("which has heard of its metric")
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("early_stopping");
  }

  /** What the failing step reported counts: the best may be there. */
  @Test
  void theStepThatFailedIsHeardOf() {
    EarlyStopping rule = EarlyStopping.maximise("eval/two/loss", 1);
    assertThatThrownBy(
            () -> train(hooks(EarlyStopping.maximise("eval/two/x", 1), TWO), context(), folder))
        .hasMessageContaining("step 2");
    TrainingResult resumed = train(hooks(rule, TWO), context(), folder);
    assertThat(resumed.end().returnedStep()).isEqualTo(2);
    assertThat(resumed.end().lastStep()).isEqualTo(4);
    assertThat(resumed.weights().contentHash())
        .isEqualTo(train(hooks(rule, TWO), context(), null).weights().contentHash());
  }

  @Test
  void beforeTheFirstUpdateThereIsNothingToLose() {
    Evaluation start = new Evaluation("start", 9, true);
    assertThatThrownBy(() -> train(hooks(falling("eval/start/acc"), start), context(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("there is eval/start/loss; correct the name");
  }

  /** Nothing could be kept: the run that waits in vain ends as soon as that is certain. */
  @Test
  void withoutAFolderItEndsTheRunToo() {
    List<Long> steps = new ArrayList<>();
    assertThatThrownBy(
            () ->
                train(
                    hooks(falling("eval/two/los"), TWO),
                    context().metrics(m -> steps.add(m.step())),
                    null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("waits for eval/two/los", "at step 2", "eval/two/loss")
        .hasMessageEndingWith("correct the name and train again");
    assertThat(steps).containsExactly(1L, 2L);
  }

  @Test
  void ofAMetricThatMayStillComeItIsAWarningAtOnce() {
    assertThat(Logged.warnings(() -> train(hooks(falling("los"), TWO), context(), null)))
        .as("at once, and at the end")
        .hasSize(2)
        .satisfies(
            lines -> assertThat(lines.get(0)).contains("waits for los", "step 1", "loss"),
            lines -> assertThat(lines.get(1)).contains("correct the name, nearest are [loss"));
    assertThat(Logged.warnings(() -> train(hooks(falling("loss"), TWO), context(), null)))
        .isEmpty();
  }

  @Test
  void aRunSaysWhereItStoppedAndWhereItGoesOn() {
    AtomicBoolean stop = new AtomicBoolean();
    TrainingContext cancelled =
        context().metrics(m -> stop.set(m.step() == 3)).cancellation(stop::get);
    RunHooks hooks = RunHooks.none();
    assertThat(
            Logged.lines(
                () ->
                    assertThatThrownBy(() -> train(hooks, cancelled, folder))
                        .isInstanceOf(CancelledException.class)))
        .singleElement()
        .asString()
        .contains(
            "INFO",
            "sft was cancelled after step 3; run again with the folder " + folder + " to continue");
    assertThat(Logged.lines(() -> train(hooks, context(), folder)))
        .singleElement()
        .asString()
        .contains("INFO", "sft goes on after step 3 of 5 in " + folder);
    assertThat(Logged.lines(() -> train(hooks, context(), folder)))
        .as("of a run that is over there is nothing to say")
        .isEmpty();
  }
}
