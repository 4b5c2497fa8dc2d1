package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training that one process began is one that another continues. What a run folder says of a
 * training must be the same in every process, the order of sets and the names of objects included.
 */
class OtherProcessTest {

  @TempDir Path folder;

  @Test
  void continuesEveryTrainingToTheSameBits() throws Exception {
    Path runs = Files.createDirectory(folder.resolve("runs"));
    assertThat(trained(runs, "stop")).as("trainings that went on to the end").isEmpty();
    Map<String, String> continued = trained(runs, "finish");
    try (DecoderModel base = TestModels.pocket(Files.createDirectory(folder.resolve("model")))) {
      Map<String, String> whole = TrainingsOfOneProcess.run(base, folder.resolve("whole"), false);
      assertThat(continued).isEqualTo(whole);
    }
  }

  private Map<String, String> trained(Path runs, String mode) throws Exception {
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-classpath",
                System.getProperty("java.class.path"),
                TrainingsOfOneProcess.class.getName(),
                runs.toString(),
                mode)
            .redirectError(errors.toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(() -> read(errors)).isZero();
    Map<String, String> ids = new LinkedHashMap<>();
    output
        .lines()
        .filter(line -> line.startsWith("trained "))
        .forEach(
            line -> {
              int split = line.lastIndexOf(' ');
              ids.put(line.substring("trained ".length(), split), line.substring(split + 1));
            });
    return ids;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
