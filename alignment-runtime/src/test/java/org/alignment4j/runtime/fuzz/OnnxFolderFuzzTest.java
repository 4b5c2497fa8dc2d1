package org.alignment4j.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Folders of exported decoders, whose files a native library reads: in a process of its own. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
class OnnxFolderFuzzTest {

  @TempDir Path folder;

  private void fuzz(OnnxFolders.Damaged damaged, String inputs) throws Exception {
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:ErrorFile=" + Path.of("target", "fuzz-crash-%p.log").toAbsolutePath(),
                "-Dfuzz.inputs=" + Long.getLong("fuzz.inputs", 100_000),
                "-classpath",
                System.getProperty("java.class.path"),
                OnnxFolders.class.getName(),
                folder.toString(),
                damaged.name(),
                inputs)
            .redirectError(errors.toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("exit code; the last input is in %s%n%s%s", folder, output, Files.readString(errors))
        .isZero();
    System.out.print(output);
    String[] outcome =
        output.lines().filter(l -> l.startsWith("outcome ")).findFirst().orElseThrow().split(" ");
    assertThat(Long.parseLong(outcome[1])).as("inputs that were still valid").isPositive();
    assertThat(Long.parseLong(outcome[2])).as("inputs that were refused").isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void hundreds(OnnxFolders.Damaged damaged) throws Exception {
    fuzz(damaged, "few");
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void hundredThousands(OnnxFolders.Damaged damaged) throws Exception {
    fuzz(damaged, "many");
  }
}
