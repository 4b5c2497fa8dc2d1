package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    return start(folder, List.of(), mode, trainings);
  }

  /**
   * Starts one that waits for a {@link Debugger}.
   *
   * @param folder takes its temporary files and messages
   * @param trainings names and folders in turn
   */
  static ChildProcess waiting(Path folder, List<String> trainings) throws IOException {
    return start(folder, List.of(Debugger.AGENT), TrainingProcess.FINISH, trainings);
  }

  private static ChildProcess start(
      Path folder, List<String> agents, String mode, List<String> trainings) throws IOException {
    Path errors = folder.resolve("errors.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(agents);
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    command.addAll(List.of(TrainingProcess.class.getName(), mode));
    command.addAll(trainings);
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    return new ChildProcess(process, errors);
  }

  /** Names with ids of what was trained by a process that must end well. */
  List<String> trained() throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(this::messages).isZero();
    return output
        .lines()
        .filter(line -> line.startsWith(TrainingProcess.TRAINED))
        .map(line -> line.substring(TrainingProcess.TRAINED.length()))
        .toList();
  }

  String messages() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
