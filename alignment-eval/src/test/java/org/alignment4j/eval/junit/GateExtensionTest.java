package org.alignment4j.eval.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.displayName;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.ScriptedModel;
import org.alignment4j.eval.TinyBenchmark;
import org.alignment4j.eval.gate.GateResult;
import org.alignment4j.eval.gate.Undecided;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Test classes with gates are run as JUnit runs them; outside of that they are not found. */
class GateExtensionTest {
  private static final ScriptedModel RIGHT = new ScriptedModel("right", ScriptedModel::mostlyRight);
  private static final ScriptedModel WRONG = new ScriptedModel("wrong", q -> "no");

  @TempDir private Path folder;

  /** Where files are published to. */
  private record FolderOutput(Path root) implements OutputDirectoryCreator {
    @Override
    public Path getRootDirectory() {
      return root;
    }

    @Override
    public Path createOutputDirectory(TestDescriptor test) throws IOException {
      return Files.createDirectories(root.resolve("published"));
    }
  }

  private EngineExecutionResults run(Class<?> type) {
    return EngineTestKit.engine("junit-jupiter")
        .outputDirectoryCreator(new FolderOutput(folder))
        .selectors(selectClass(type))
        .execute();
  }

  static final class Release {
    static final AtomicInteger EVALUATIONS = new AtomicInteger();
    static final AtomicInteger BODIES = new AtomicInteger();

    private Release() {}

    @GateEvaluation
    static EvaluationRun evaluation() {
      EVALUATIONS.incrementAndGet();
      return Evaluation.of(new TinyBenchmark("tiny", 60)).model(RIGHT, WRONG).run();
    }

    @AlignmentGate(benchmark = "tiny", metric = "accuracy", atLeast = 0.5)
    void accurate(GateResult result, Estimate figure, EvaluationRun run) {
      BODIES.incrementAndGet();
      assertThat(result.figure()).contains(figure);
      assertThat(run.complete()).isTrue();
    }

    @AlignmentGate(
        benchmark = "tiny",
        metric = "accuracy",
        atLeast = 0.66,
        models = "right",
        undecided = Undecided.SKIP)
    @AlignmentGate(notWorseThan = "right", models = "wrong")
    void several() {}
  }

  @Test
  void gatesAreTestsForEveryModel() {
    Release.EVALUATIONS.set(0);
    Release.BODIES.set(0);
    EngineExecutionResults results = run(Release.class);
    results
        .testEvents()
        .assertThatEvents()
        .haveExactly(1, event(displayName("tiny accuracy of right ≥ 0.5"), finishedSuccessfully()))
        .haveExactly(
            1,
            event(
                displayName("tiny accuracy of wrong ≥ 0.5"),
                finishedWithFailure(message(m -> m.contains("the whole interval is against it")))))
        .haveExactly(
            1,
            event(
                displayName("tiny accuracy of wrong no worse than right"),
                finishedWithFailure(message(m -> m.contains("significantly worse")))));
    results.testEvents().assertStatistics(s -> s.started(4).succeeded(1).failed(2).aborted(1));
    assertThat(Release.EVALUATIONS).hasValue(1);
    assertThat(Release.BODIES).hasValue(1);
  }

  @Test
  void reportIsAttached() throws IOException {
    run(Release.class);
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("alignment.html", "alignment.json", "gates.md");
    }
    Path gates;
    try (var files = Files.walk(folder)) {
      gates = files.filter(f -> f.endsWith("gates.md")).findFirst().orElseThrow();
    }
    assertThat(Files.readString(gates)).contains("tiny accuracy of wrong").contains("failed");
  }

  @Test
  void gatesCanBeFilteredByTheirTag() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(Release.class))
        .filters(TagFilter.excludeTags("alignment-gate"))
        .execute()
        .testEvents()
        .assertStatistics(s -> s.started(0));
  }

  static final class Misnamed {
    static final ScriptedModel MODEL = new ScriptedModel("m", q -> "yes");

    private Misnamed() {}

    @GateEvaluation
    static Evaluation evaluation() {
      return Evaluation.of(new TinyBenchmark("tiny", 6)).model(MODEL);
    }

    @AlignmentGate(benchmark = "tiny", metric = "accuracy", betterThanChance = true)
    void right() {}

    @AlignmentGate(benchmark = "tiny", metric = "acuracy", atLeast = 0.5)
    void misnamed() {}
  }

  @Test
  void metricThatDoesNotExistIsToldBeforeAnyModelIsCalled() {
    run(Misnamed.class)
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            2,
            event(
                finishedWithFailure(
                    message(
                        m ->
                            m.contains("Misnamed.misnamed")
                                && m.contains("'acuracy'")
                                && m.contains("[accuracy]")))));
    assertThat(Misnamed.MODEL.calls()).isZero();
  }

  static final class Broken {
    static final AtomicInteger EVALUATIONS = new AtomicInteger();

    private Broken() {}

    @GateEvaluation
    static Evaluation evaluation() {
      EVALUATIONS.incrementAndGet();
      throw new IllegalStateException("no model there");
    }

    @AlignmentGate(notWorseThan = "m")
    void one() {}

    @AlignmentGate(notWorseThan = "n")
    void two() {}
  }

  @Test
  void failedEvaluationIsNotRunAgain() {
    run(Broken.class)
        .containerEvents()
        .assertThatEvents()
        .haveExactly(2, event(finishedWithFailure(message("no model there"))));
    assertThat(Broken.EVALUATIONS).hasValue(1);
  }

  static final class TwoConditions {
    private TwoConditions() {}

    @GateEvaluation
    static Evaluation evaluation() {
      return Evaluation.of(new TinyBenchmark("tiny", 6)).model(RIGHT);
    }

    @AlignmentGate(benchmark = "tiny", metric = "accuracy", atLeast = 0.5, atMost = 0.6)
    void both() {}
  }

  static final class NoSource {
    private NoSource() {}

    @AlignmentGate(benchmark = "tiny", metric = "accuracy", atLeast = 0.5)
    void gate() {}
  }

  @Test
  void declarationsThatSayNothingAreRefused() {
    assertFailure(TwoConditions.class, "TwoConditions.both", "exactly one of", "2");
    assertFailure(NoSource.class, "@GateEvaluation", "NoSource has 0");
  }

  static final class WrongModel {
    private WrongModel() {}

    @GateEvaluation
    static Evaluation evaluation() {
      return Evaluation.of(new TinyBenchmark("tiny", 6)).model(RIGHT);
    }

    @AlignmentGate(
        benchmark = "tiny",
        metric = "accuracy",
        atLeast = 0.5,
        models = {"nobody"})
    void gate() {}
  }

  @Test
  void placeOfAGateIsToldOnce() {
    run(WrongModel.class)
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                finishedWithFailure(
                    message(
                        m ->
                            m.startsWith("@AlignmentGate of WrongModel.gate: models must be among")
                                && m.lastIndexOf("@AlignmentGate") == 0))));
  }

  private void assertFailure(Class<?> type, String... parts) {
    run(type)
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            1, event(finishedWithFailure(message(m -> Stream.of(parts).allMatch(m::contains)))));
  }
}
