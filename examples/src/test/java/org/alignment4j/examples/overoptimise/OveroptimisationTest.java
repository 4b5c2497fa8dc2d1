package org.alignment4j.examples.overoptimise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.alignment4j.rlhf.study.OveroptimisationCurve;
import org.alignment4j.rlhf.study.OveroptimisationForm;
import org.alignment4j.rlhf.study.OveroptimisationPoint;
import org.alignment4j.rlhf.study.OveroptimisationResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job end to end, small and in full. */
class OveroptimisationTest {

  @TempDir Path folder;

  private OveroptimisationResult run(OveroptimiseSettings settings) {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new Overoptimisation(folder, settings, out).run();
  }

  @Test
  void aSmallRunMovesAwayFromTheBaseAndResumes() throws Exception {
    OveroptimiseSettings small = new OveroptimiseSettings(1, 16, 4, 4, 16, 4, 2, 3, 2, 4, 4, 3e-4);
    OveroptimisationResult result = run(small);

    OveroptimisationCurve best = result.curve(OveroptimisationForm.BEST_OF_N).orElseThrow();
    assertThat(best.points())
        .extracting(OveroptimisationPoint::label)
        .containsExactly("n = 1", "n = 2", "n = 4");
    OveroptimisationCurve learned = result.curve(OveroptimisationForm.REINFORCEMENT).orElseThrow();
    assertThat(learned.points())
        .extracting(OveroptimisationPoint::label)
        .containsExactlyInAnyOrder("step 2", "step 4", "step 6");
    assertThat(learned.points().get(2).kl().value()).isPositive();
    String report = Files.readString(folder.resolve("report.html"));
    assertThat(report).contains("Best of n", "Reinforcement learning");
    assertThat(Files.readString(folder.resolve("table.txt")))
        .contains("GRPO without penalty", "best of n", "n = 4", "step 6");

    FileTime written = Files.getLastModifiedTime(folder.resolve("stage-3/metrics.jsonl"));
    assertThat(run(small)).as("a second run on a finished folder finds the same").isEqualTo(result);
    assertThat(Files.getLastModifiedTime(folder.resolve("stage-3/metrics.jsonl")))
        .isEqualTo(written);
  }

  @Test
  void tooFewStagesForACurveAreRefused() {
    assertThatThrownBy(() -> new OveroptimiseSettings(1, 16, 4, 4, 16, 4, 2, 2, 2, 4, 4, 3e-4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stages must be at least 3 but was 2");
  }

  /** The proxy ends at its highest while the gold reward has fallen below its own. */
  @Tag("slow")
  @Test
  void theGoldFallsWhileTheProxyRises() {
    OveroptimisationResult result = run(OveroptimiseSettings.defaults(1));
    OveroptimisationCurve learned = result.curve(OveroptimisationForm.REINFORCEMENT).orElseThrow();
    List<OveroptimisationPoint> points = learned.points();
    OveroptimisationPoint last = points.get(points.size() - 1);
    assertThat(last.proxyGain().ciLow()).isGreaterThan(points.get(0).proxyGain().ciHigh());
    assertThat(learned.goldFall().ciHigh()).isNegative();
  }
}
