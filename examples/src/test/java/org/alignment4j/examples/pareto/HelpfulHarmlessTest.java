package org.alignment4j.examples.pareto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.rlhf.study.ParetoFront;
import org.alignment4j.rlhf.study.ParetoPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job end to end, small. */
class HelpfulHarmlessTest {

  @TempDir Path folder;

  private ParetoFront run(SoupSettings settings) {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new HelpfulHarmless(folder, settings, out).run();
  }

  @Test
  void aSmallRunTradesHelpForRefusalsAndResumes() throws Exception {
    SoupSettings small = new SoupSettings(1, 128, 8, 0.1, 2e-3, 12, 32, 1, 2);
    ParetoFront front = run(small);

    assertThat(front.objectives()).containsExactly("benign helped", "harmful refused");
    assertThat(front.points())
        .extracting(ParetoPoint::name)
        .containsExactlyInAnyOrder("base", "soup 1/0", "soup 0.5/0.5", "soup 0/1");
    ParetoPoint helpful = point(front, "soup 1/0");
    ParetoPoint harmless = point(front, "soup 0/1");
    assertThat(point(front, "soup 0.5/0.5").weights())
        .isEqualTo(Map.of("helpful", 0.5, "harmless", 0.5));
    assertThat(score(helpful, 0)).isGreaterThan(score(harmless, 0));
    assertThat(score(helpful, 1)).isLessThan(score(harmless, 1));
    assertThat(helpful.scores().get(0).n()).as("benign requests only").isEqualTo(12);
    for (ParetoPoint point : front.points()) {
      for (Estimate share : point.scores()) {
        assertThat(share.unscored()).as("requests it is not about").isZero();
        assertThat(share.ciLow()).isBetween(0.0, share.value());
        assertThat(share.ciHigh()).isBetween(share.value(), 1.0).isGreaterThan(share.ciLow());
      }
    }
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("benign helped", "harmful refused", "soup 0.5/0.5");
    assertThat(Files.readString(folder.resolve("table.txt"))).contains("soup 1/0", "on the front");

    assertThat(run(small)).as("a second run on a finished folder finds the same").isEqualTo(front);
  }

  private static ParetoPoint point(ParetoFront front, String name) {
    return front.points().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  private static double score(ParetoPoint point, int objective) {
    return point.scores().get(objective).value();
  }

  @Test
  void noPairsAreRefused() {
    assertThatThrownBy(() -> new SoupSettings(1, 0, 8, 0.1, 1e-3, 6, 32, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pairs must be at least 1 but was 0");
  }
}
