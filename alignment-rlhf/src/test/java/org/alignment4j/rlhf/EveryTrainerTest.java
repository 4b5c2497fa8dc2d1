package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.alignment4j.api.Progress;
import org.alignment4j.api.model.Model;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.StepLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every trainer has, whatever it learns from. */
class EveryTrainerTest {

  @TempDir static Path files;

  private static DecoderModel base;

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

  /** The rounds of feedback end early each by itself. */
  static Stream<Training> stopping() {
    return all().filter(training -> !training.name().equals("ilf"));
  }

  /**
   * Of two runs of one seed one is looked at by all there is. Its bits are the other's, and another
   * seed's are not.
   */
  @ParameterizedTest
  @MethodSource("all")
  void theSeedDecidesAndLookingChangesNothing(Training training, @TempDir Path run)
      throws Exception {
    List<Progress> progress = new ArrayList<>();
    String alone = training.train(base, UnaryOperator.identity()).id();
    Training.Outcome watched =
        training.train(
            base,
            options ->
                TrainingProcess.watched(training, options)
                    .withRunFolder(run)
                    .withProgress(progress::add));
    String other = training.train(base, options -> options.withSeed(1)).id();
    assertThat(watched.id()).isEqualTo(alone);
    assertThat(other).isNotEqualTo(alone).isNotEqualTo(base.id());
    Path kept = training.name().equals("ilf") ? run.resolve("round-1/sft") : run;
    evaluated(kept);
    if (training.kind() == Training.Kind.LANGUAGE) {
      sampled(kept);
    }
    counted(progress);
    drawn(kept);
  }

  private static long last(List<Metrics> metrics) {
    return metrics.get(metrics.size() - 1).step();
  }

  private static void evaluated(Path run) {
    List<Metrics> metrics = RunFolder.readMetrics(run);
    assertThat(metrics)
        .allSatisfy(
            m ->
                assertThat(m.values().containsKey(Looking.METRIC))
                    .as("evaluated at %s", m.step())
                    .isEqualTo(
                        m.step() % Looking.EVALUATED_EVERY == 0 || m.step() == last(metrics)))
        .allSatisfy(m -> assertThat(m.values()).containsKey("loss"));
    assertThat(metrics.stream().map(m -> m.values().get(Looking.METRIC)).distinct())
        .as("values of models that differ")
        .hasSizeGreaterThan(2);
  }

  private static void sampled(Path run) {
    List<Map<String, Object>> samples =
        StepLog.read(
            run.resolve(SampleCallback.FILE), SampleCallback.FORMAT, SampleCallback.VERSION);
    long last = last(RunFolder.readMetrics(run));
    List<Object> steps = new ArrayList<>();
    for (int step = 0; step <= last; step++) {
      if (step % Looking.SAMPLED_EVERY == 0 || step == last) {
        Collections.addAll(steps, step, step);
      }
    }
    assertThat(samples).extracting(line -> line.get("step")).isEqualTo(steps);
    assertThat(samples).extracting(line -> line.get("completion")).doesNotContainNull();
  }

  private static void counted(List<Progress> progress) {
    assertThat(progress).isNotEmpty();
    Progress last = progress.get(progress.size() - 1);
    assertThat(last.done()).isEqualTo(last.total().orElseThrow()).isPositive();
    assertThat(last.rate()).isPositive();
    assertThat(last.remaining()).contains(Duration.ZERO);
    assertThat(last.unit()).isEqualTo("steps");
    assertThat(last.metrics()).containsKey("loss");
  }

  private static void drawn(Path run) throws Exception {
    String page = Files.readString(RunReport.write(run));
    assertThat(page)
        .contains("<svg", "loss", Looking.METRIC, last(RunFolder.readMetrics(run)) + " steps");
  }

  /** No report after the first is an improvement. */
  @ParameterizedTest
  @MethodSource("stopping")
  void endsEarlyWithTheBestModel(Training training) throws Exception {
    List<String> evaluated = new ArrayList<>();
    EarlyStopping rule = EarlyStopping.maximise("eval/once/value", 2).minimumChange(1e9);
    Training.Outcome outcome =
        training.train(
            base,
            options ->
                options.withMonitoring(
                    Monitoring.none().and(once(training, evaluated)).withStopping(rule)));
    assertThat(outcome.end().lastStep()).isEqualTo(3);
    assertThat(outcome.end().stoppedEarly()).isTrue();
    assertThat(outcome.end().returnedStep()).isEqualTo(1);
    assertThat(evaluated).hasSize(3).doesNotHaveDuplicates();
    assertThat(outcome.id()).isEqualTo(evaluated.get(0));
    assertThat(last(outcome.metrics())).isEqualTo(3);
  }

  private static Evaluation once(Training training, List<String> evaluated) {
    return training.kind() == Training.Kind.REWARDS
        ? Evaluation.ofRewards("once", 1, model -> value(model, evaluated))
        : Evaluation.ofModel("once", 1, model -> value(model, evaluated));
  }

  private static Map<String, Double> value(Model model, List<String> evaluated) {
    evaluated.add(model.id());
    return Map.of("value", (double) evaluated.size());
  }
}
