package org.alignment4j.examples.oversee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.oversight.study.StudyFindings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverseeJobTest {
  @TempDir Path run;

  private StudyFindings work(ByteArrayOutputStream shown) {
    OverseeSettings settings = new OverseeSettings(5, 1, 20_000, 8, 16, 1, 0.4, 3e-4);
    return new OverseeJob(run, settings, new PrintStream(shown, true, StandardCharsets.UTF_8))
        .run();
  }

  @Test
  void measuresEveryArmAndRepeatsFromItsCalls() throws IOException {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    StudyFindings first = work(shown);
    assertThat(first.result().estimates().keySet())
        .containsExactly(
            OverseeJob.NAIVE,
            OverseeJob.MAJORITY,
            OverseeJob.CONSULTANCY,
            OverseeJob.DEBATE,
            OverseeJob.EXPERT,
            OverseeJob.NO_QUOTES,
            OverseeJob.SHUFFLED);
    assertThat(first.result().estimate(OverseeJob.EXPERT, "accuracy").n()).isEqualTo(8);
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("expert").contains("p (Holm)");
    assertThat(run.resolve("report.html")).exists();
    byte[] calls = Files.readAllBytes(run.resolve("calls.jsonl"));
    assertThat(work(new ByteArrayOutputStream()).result()).isEqualTo(first.result());
    assertThat(Files.readAllBytes(run.resolve("calls.jsonl"))).isEqualTo(calls);
  }
}
