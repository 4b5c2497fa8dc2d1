package org.alignment4j.oversight.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.StepLabelled;
import org.alignment4j.core.statistics.Bootstrap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** First mistakes that people found in BIG-Bench Mistake (Tyen et al. 2023, arXiv 2311.08516). */
class BigBenchMistakeTest {
  private static final String FILE = "shared/data/big-bench-mistake/dyck_languages.jsonl";

  private static List<StepLabels> people = List.of();

  @BeforeAll
  static void read() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(FILE))) {
        people = StepLabelled.read(folder.resolve(FILE), ReadOptions.tolerant()).stream().toList();
        return;
      }
    }
    Assumptions.abort(FILE + " is absent: skipped");
  }

  private static StepFigures figures(Judge judge) {
    List<double[]> said = new ArrayList<>();
    for (StepLabels labels : people) {
      StepLabels judged =
          StepLabelling.by(judge).run(labels.solution(), OversightContext.of(1)).verdict();
      said.add(judged.correctness().stream().mapToDouble(l -> l.orElse(0.5)).toArray());
    }
    return StepFigures.of(people, said, new Bootstrap(20, 1, 0.95));
  }

  @Test
  void aStackMachineFindsTheFirstMistakesThatPeopleFound() {
    StepFigures figures = figures(new StackMachine());
    assertThat(figures.firstMistake().n()).isEqualTo(985);
    assertThat(figures.firstMistake().value()).isGreaterThan(0.98);
    assertThat(figures.area().orElseThrow().estimate().value()).isGreaterThan(0.98);
    assertThat(figures.error().value()).isLessThan(0.01);
    assertThat(figures.unjudged()).isZero();
  }

  @Test
  void whoFindsNoMistakeIsRightWhereThereIsNone() {
    long without =
        people.stream()
            .filter(s -> s.correctness().stream().allMatch(l -> l.equals(OptionalDouble.of(1))))
            .count();
    assertThat(without).isBetween(300L, 350L);
    StepFigures figures =
        figures((view, context) -> new Verdict.Decided(StepLabelling.RIGHT, 1, "", Usage.NONE));
    assertThat(figures.firstMistake().value()).isEqualTo(without / 985.0);
    assertThat(figures.area().orElseThrow().estimate().value()).isEqualTo(0.5);
  }
}
