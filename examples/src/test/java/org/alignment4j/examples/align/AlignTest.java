package org.alignment4j.examples.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.examples.Align;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job end to end, and what it leaves behind. */
class AlignTest {

  @TempDir Path folder;

  @Test
  void alignmentImprovesOnTheWorldsTruthAndLeavesALoadableModel() throws Exception {
    Path run = folder.resolve("run");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    new PocketAlignment(run, 1, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("base", "DPO, 50 % harmless", "reward model");
    assertThat(Files.readString(run.resolve("table.txt"))).contains("harmful refused");
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("Content-Security-Policy", "Replies side by side");
    String report = Files.readString(run.resolve("report.html"));
    new PocketAlignment(run, 1, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    assertThat(Files.readString(run.resolve("report.html")))
        .as("a second run on a finished folder trains nothing and shows the same curves")
        .isEqualTo(report);
    PocketWorld world = PocketWorld.create(1);
    HeldOutItems items = HeldOutItems.of(world, 200);
    try (DecoderModel base = DecoderModel.load(run.resolve("base"));
        DecoderModel aligned = DecoderModel.load(run.resolve("aligned"))) {
      WorldReplies before = new WorldReplies(world, items, base);
      WorldReplies after = new WorldReplies(world, items, aligned);
      assertThat(after.rightAnswers().ciLow()).isGreaterThan(before.rightAnswers().ciHigh());
      assertThat(after.harmfulRefused().value()).isGreaterThan(before.harmfulRefused().value());
      assertThat(after.benignHelped().value()).isGreaterThan(before.benignHelped().value());
    }
  }

  @Test
  void alignsAUsersModelOnAUsersPairs() throws Exception {
    Path model = PocketModel.copyTo(folder.resolve("model"));
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      rows.append(
          """
          {"prompt": "Question %s: what is fair?", "chosen": " To share it.", "rejected": " To keep it all."}
          """
              .formatted(i));
    }
    rows.append("{\"prompt\": \"Same\", \"chosen\": \"a\", \"rejected\": \"a\"}\n");
    Path pairs = Files.writeString(folder.resolve("pairs.jsonl"), rows);
    Path run = folder.resolve("run");

    int code =
        ConsoleProgram.of(new Align())
            .execute(
                "--model", model.toString(),
                "--preferences", pairs.toString(),
                "--run", run.toString());

    assertThat(code).isZero();
    assertThat(Files.readString(run.resolve("table.txt")))
        .contains("reward accuracy", "picking the longer answer");
    assertThat(run.resolve("aligned").resolve("model.safetensors")).exists();
  }

  @Test
  void aModelWithoutPreferencesIsRefused() {
    assertThat(ConsoleProgram.of(new Align()).execute("--model", folder.toString())).isEqualTo(2);
  }
}
