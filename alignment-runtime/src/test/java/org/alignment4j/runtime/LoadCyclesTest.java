package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A model that was closed leaves no memory behind, neither of the heap nor native. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
class LoadCyclesTest {

  @TempDir Path folder;

  /** Resident kilobytes at every tenth of so many cycles. */
  private List<Long> residentMemory(int cycles) throws Exception {
    Path saved = folder.resolve("model");
    try (DecoderModel model = TestModels.small()) {
      model.save(saved);
    }
    Files.writeString(saved.resolve("tokenizer.json"), TinyClassifier.tokenizer());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-classpath",
                System.getProperty("java.class.path"),
                LoadCycles.class.getName(),
                saved.toString(),
                Integer.toString(cycles))
            .redirectError(folder.resolve("errors.txt").toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("exit code").isZero();
    List<Long> resident =
        output
            .lines()
            .filter(line -> line.startsWith("resident "))
            .map(line -> Long.parseLong(line.substring("resident ".length())))
            .toList();
    assertThat(resident).hasSize(10);
    System.out.println("resident kilobytes over " + cycles + " cycles: " + resident);
    return resident;
  }

  /** Compiled code and classes still come in, so the bound is wide. */
  @Test
  void twoHundredCyclesStayNearTheirBeginning() throws Exception {
    List<Long> resident = residentMemory(200);
    assertThat(resident.get(9)).isLessThan(resident.get(2) * 120 / 100);
  }

  @Tag("slow")
  @Test
  void tenThousandCyclesStayFlat() throws Exception {
    List<Long> resident = residentMemory(10_000);
    for (Long later : resident.subList(2, 10)) {
      assertThat(later).isLessThan(resident.get(1) * 102 / 100);
    }
  }
}
