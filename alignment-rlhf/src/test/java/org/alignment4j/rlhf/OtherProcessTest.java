package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    List<String> runs = new ArrayList<>();
    for (Training training : Trainings.all()) {
      runs.add(training.name());
      runs.add(folder.resolve(training.name()).toString());
    }
    assertThat(ChildProcess.start(folder, TrainingProcess.STOP, runs).trained())
        .as("trainings that went on to the end")
        .isEmpty();
    List<String> continued = ChildProcess.start(folder, TrainingProcess.FINISH, runs).trained();
    List<String> whole = new ArrayList<>();
    try (DecoderModel base = Trainings.model(Files.createDirectory(folder.resolve("model")))) {
      for (Training training : Trainings.all()) {
        whole.add(training + " " + training.train(base, options -> options).id());
      }
    }
    assertThat(continued).isEqualTo(whole);
  }
}
