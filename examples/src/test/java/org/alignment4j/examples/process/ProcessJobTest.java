package org.alignment4j.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.core.data.StepLabelled;
import org.alignment4j.examples.process.ProcessSettings.Lessons;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.process.StepLabelling;
import org.alignment4j.pocket.world.PocketWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessJobTest {
  private static final double UNJUDGED = Double.NaN;

  @TempDir Path run;

  private static final PocketWorld WORLD = BundledPocket.world();

  private static ProcessSettings small() {
    return new ProcessSettings(
        5, true, 8, new Lessons(1e-3, 3), 1, 8, 1, 8, 2, new Lessons(3e-4, 1));
  }

  private ProcessScores work(ByteArrayOutputStream shown) {
    return new ProcessJob(run, small(), new PrintStream(shown, true, StandardCharsets.UTF_8)).run();
  }

  @Test
  void measuresBothModelsAndRepeatsFromItsRunFolder() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    ProcessScores scores = work(shown);
    assertThat(scores.rules())
        .containsExactly(
            ProcessScores.PROCESS,
            ProcessScores.OUTCOME,
            ProcessScores.MAJORITY,
            ProcessScores.RANDOM,
            ProcessScores.ORACLE);
    for (String rule : scores.rules()) {
      assertThat(scores.right(rule, 2).value())
          .isLessThanOrEqualTo(scores.right(ProcessScores.ORACLE, 2).value());
      assertThat(scores.sound(rule, 1).value()).isLessThanOrEqualTo(scores.right(rule, 1).value());
      assertThat(scores.right(rule, 1).clusters()).isEqualTo(8);
    }
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("right answers by right steps")
        .contains("process model less outcome model");
    assertThat(run.resolve("report.html")).exists();
    assertThat(StepLabelled.read(run.resolve("asked.jsonl"))).hasSize(48);
    ProcessScores again = work(new ByteArrayOutputStream());
    for (String model : scores.models()) {
      assertThat(again.right(model, 2)).isEqualTo(scores.right(model, 2));
      assertThat(again.steps(model)).isEqualTo(scores.steps(model));
    }
  }

  @Test
  void nobodyAskedAboutIsLearntAbout() {
    ProcessSettings settings = ProcessSettings.defaults(7);
    StepProblems test = StepProblems.draw(WORLD, settings);
    StepProblems development = StepProblems.draw(WORLD, settings.forDevelopment());
    assertThat(test.asked()).hasSizeGreaterThanOrEqualTo(200);
    List<Set<String>> groups =
        List.of(
            people(test.lessons()),
            people(test.labelled()),
            people(test.asked()),
            people(development.asked()));
    for (int i = 0; i < groups.size(); i++) {
      for (int k = 0; k < i; k++) {
        assertThat(groups.get(i)).doesNotContainAnyElementsOf(groups.get(k));
      }
    }
  }

  private static Set<String> people(List<StepProblem> problems) {
    return problems.stream()
        .flatMap(p -> p.plan().stream())
        .map(fact -> fact.subject().name())
        .filter(name -> WORLD.people().stream().anyMatch(p -> p.name().equals(name)))
        .collect(Collectors.toSet());
  }

  private static StepProblem problem() {
    return StepProblems.draw(WORLD, small()).asked().stream()
        .filter(p -> p.text().startsWith("On which continent"))
        .findFirst()
        .orElseThrow();
  }

  private static Sampled labelled(StepProblem problem, List<String> steps) {
    StepwiseSolution solution = Sampled.solution(problem, " " + String.join("\n", steps));
    StepLabels labels =
        StepLabelling.by(new WorldLabeller(List.of(problem)))
            .run(solution, OversightContext.of(1))
            .verdict();
    return new Sampled(problem, labels);
  }

  private static double[] labels(Sampled sampled) {
    return sampled.labels().correctness().stream()
        .mapToDouble((OptionalDouble l) -> l.orElse(UNJUDGED))
        .toArray();
  }

  @Test
  void stepsAreJudgedByTheWorldUntilTheFirstMistake() {
    StepProblem problem = problem();
    Sampled whole = labelled(problem, problem.steps());
    assertThat(labels(whole)).containsExactly(1, 1, 1);
    assertThat(whole.sound()).isTrue();
    List<String> steps = new ArrayList<>(problem.steps());
    steps.set(1, "The moon lies in " + problem.answer() + ".");
    Sampled lucky = labelled(problem, steps);
    assertThat(labels(lucky)).containsExactly(1, 0, UNJUDGED);
    assertThat(lucky.right()).isTrue();
    assertThat(lucky.sound()).isFalse();
    assertThat(lucky.outcome().desirable()).isTrue();
    Sampled hasty = labelled(problem, List.of(problem.steps().get(2)));
    assertThat(labels(hasty)).containsExactly(0.5);
    assertThat(hasty.steps().correctness()).containsExactly(OptionalDouble.of(1));
    Sampled repeated =
        labelled(problem, List.of(problem.steps().get(0), problem.steps().get(0), "Well."));
    assertThat(labels(repeated)).containsExactly(1, 0.5, 0);
    assertThat(repeated.answer()).isEmpty();
    String elsewhere =
        WORLD.facts().stream()
            .map(StepProblem::statement)
            .filter(statement -> !problem.steps().contains(statement))
            .findFirst()
            .orElseThrow();
    assertThat(labels(labelled(problem, List.of(elsewhere)))).containsExactly(0);
    assertThat(labels(labelled(problem, List.of("So the answer is nowhere.")))).containsExactly(0);
    assertThat(labels(labelled(problem, List.of("")))).containsExactly(0);
  }

  @Test
  void wrongSettingsAreNamed() {
    assertThatThrownBy(() -> small().withSamples(0))
        .hasMessageContaining("but they were 8, 8, 8, 1, 0 and 1.0");
    assertThatThrownBy(() -> new Lessons(0, 1)).hasMessageContaining("but were 0.0 and 1");
    assertThatThrownBy(
            () ->
                StepProblems.draw(
                    WORLD,
                    new ProcessSettings(
                        1, true, 8, new Lessons(1, 1), 1, 8, 1, 60, 1, new Lessons(1, 1))))
        .hasMessage("askedPeople must be at most 44 people but was 60");
    assertThatThrownBy(
            () ->
                StepLabelling.by(new WorldLabeller(List.of()))
                    .run(Sampled.solution(problem(), "x"), OversightContext.of(1)))
        .hasMessageContaining("the problem must be one of those given but was 'Question: ");
  }
}
