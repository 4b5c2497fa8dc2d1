package org.alignment4j.examples.inner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.eval.inner.awareness.OutOfContextSettings;
import org.alignment4j.eval.inner.latent.LatentRobustness;
import org.alignment4j.eval.inner.world.GridWorld;
import org.alignment4j.eval.inner.world.QLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job end to end, small. */
class InnerAlignmentJobTest {

  @TempDir Path folder;

  @Test
  void aSmallRunMeasuresEverythingAndWritesThePage() throws Exception {
    InnerAlignmentSettings small =
        new InnerAlignmentSettings(
            1,
            new QLearning(400, 0.2, 0.95, 1, 0.1),
            10,
            List.of(0.0),
            List.of(0.0),
            16,
            new OutOfContextSettings(2, 2, 1, 1, 1, List.of("red", "green"), 1),
            16,
            2,
            8,
            4,
            4,
            List.of(4.0),
            3);
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

    InnerAlignmentResult result = new InnerAlignmentJob(folder, small, out).run();

    assertThat(result.worlds()).containsOnlyKeys(GridWorld.values());
    assertThat(result.cue()).hasSize(3);
    assertThat(result.awareness().outcomes()).hasSize(2);
    assertThat(result.conditions()).hasSize(2);
    assertThat(result.protocols()).hasSize(15);
    assertThat(result.protocols().get(0).gap().clusters()).isEqualTo(4);
    assertThat(result.latent())
        .extracting(LatentRobustness::subject)
        .containsExactly("base", "aligned", "aligned against an adversary");
    for (LatentRobustness report : result.latent()) {
      // The ascent never falls below where it began, and it began without a perturbation.
      assertThat(report.points().get(1).attack().value())
          .isGreaterThan(report.points().get(0).attack().value());
      assertThat(report.points().get(0).excess().gap().value()).isZero();
    }
    assertThat(Files.readString(folder.resolve("table.txt")))
        .contains(
            "coin run", "unrealised/2-hop", "clean loss", "Cohen's kappa", "observed behaviour");
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("A spurious cue in text", "Latent attacks", "Boat circles for points");
  }
}
