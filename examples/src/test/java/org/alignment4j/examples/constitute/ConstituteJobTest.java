package org.alignment4j.examples.constitute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.core.data.Demonstrations;
import org.alignment4j.core.data.Preferences;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstituteJobTest {
  @TempDir Path run;

  private ConstituteResult work(ByteArrayOutputStream shown) {
    ConstituteSettings settings = new ConstituteSettings(5, 8, 6, 2, 4, 6, 12);
    return new ConstituteJob(run, settings, new PrintStream(shown, true, StandardCharsets.UTF_8))
        .measure();
  }

  @Test
  void learnsFromItsFeedbackAndRepeatsFromItsCalls() throws IOException {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    ConstituteResult first = work(shown);
    assertThat(first.greedy())
        .extracting(Conduct::name)
        .containsExactly("base", "SFT on revisions", "DPO on AI feedback");
    assertThat(first.greedy()).allMatch(conduct -> conduct.items().size() == 3 * 12);
    assertThat(Demonstrations.read(run.resolve("demonstrations.jsonl")))
        .hasSize(first.counts().get("demonstrations"))
        .hasSizeGreaterThan(15 + 4);
    assertThat(Preferences.read(run.resolve("preferences.jsonl")))
        .hasSize(first.counts().get("preference pairs"))
        .isNotEmpty();
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("borderline refused");
    assertThat(run.resolve("report.html")).exists();
    byte[] calls = Files.readAllBytes(run.resolve("calls.jsonl"));
    assertThat(work(new ByteArrayOutputStream())).isEqualTo(first);
    assertThat(Files.readAllBytes(run.resolve("calls.jsonl"))).isEqualTo(calls);
  }
}
