package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A {@link TrainingProcess} as seen from outside. */
record ChildProcess(Process process, Path errors) {

  /**
   * Starts one.
   *
   * @param folder takes its temporary files and messages
   * @param mode how it ends
   * @param trainings names and folders in turn
   */
  static ChildProcess start(Path folder, String mode, List<String> trainings) throws IOException {
    Path errors = folder.resolve("errors.txt");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + folder,
            "-classpath",
            System.getProperty("java.class.path"),
            TrainingProcess.class.getName(),
            mode);
    Process process =
        new ProcessBuilder(Stream.concat(command.stream(), trainings.stream()).toList())
            .redirectError(errors.toFile())
            .start();
    return new ChildProcess(process, errors);
  }

  /** What an ended process printed and how it ended. */
  record End(int status, String output) {

    /** Name and id of what was trained, in order. */
    List<String> trained() {
      return output
          .lines()
          .filter(line -> line.startsWith(TrainingProcess.TRAINED))
          .map(line -> line.substring(TrainingProcess.TRAINED.length()))
          .toList();
    }

    /** Where it halted. */
    Optional<String> halted() {
      return output.lines().filter(line -> line.startsWith(TrainingProcess.WHERE)).findFirst();
    }
  }

  End end() throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new End(process.waitFor(), output);
  }

  /** Names with ids of what was trained by a process that must end well. */
  List<String> trained() throws Exception {
    End end = end();
    assertThat(end.status()).as(this::messages).isZero();
    return end.trained();
  }

  String messages() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
