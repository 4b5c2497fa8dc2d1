package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final Map<String, String> CONFIGURATION =
      Map.of("learningRate", "1.0E-4", "seed", "7");

  @TempDir Path folder;

  private RunFolder open() {
    return RunFolder.open(folder, CONFIGURATION, 2);
  }

  private static Metrics metrics(long step) {
    return new Metrics(step, Map.of("loss", 1.0 / step));
  }

  @Test
  void whyAFolderCannotBeCreatedIsTold() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> RunFolder.open(file, Map.of("task", "t"), 1))
        .isInstanceOf(RunFolderException.class)
        .hasMessage(
            "could not create the run folder "
                + file
                + ": FileAlreadyExistsException "
                + file
                + "; give a folder, or a name for one, that can be written to");
  }

  @Test
  void metricsGoBackToTheCheckpoint() {
    try (RunFolder run = open()) {
      assertThat(run.resumed()).isEmpty();
      for (int step = 1; step <= 5; step++) {
        run.append(metrics(step));
        if (step == 3) {
          run.save(step, List.of(), Map.of());
        }
      }
    }
    try (RunFolder run = open()) {
      assertThat(run.resumed().orElseThrow().step()).isEqualTo(3);
      assertThat(run.metrics()).extracting(Metrics::step).containsExactly(1L, 2L, 3L);
      assertThatThrownBy(() -> run.append(metrics(3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("step must be above the last one, 3, but was 3");
      run.append(metrics(4));
      assertThat(run.metrics()).extracting(Metrics::step).containsExactly(1L, 2L, 3L, 4L);
    }
  }

  @Test
  void metricsOfARunWithoutCheckpointBeginAnew() {
    try (RunFolder run = open()) {
      run.append(metrics(1));
    }
    try (RunFolder run = open()) {
      assertThat(run.metrics()).isEmpty();
      run.append(metrics(1));
    }
  }

  @Test
  void metricsAreReadWithoutOpeningTheRun() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (RunFolder run = open()) {
      run.append(metrics(1));
      run.append(new Metrics(2, Map.of("loss", Double.POSITIVE_INFINITY)));
      assertThat(RunFolder.readMetrics(folder)).isEqualTo(run.metrics()).hasSize(2);
    }
    Files.writeString(file, "{\"step\":3,\"lo", StandardOpenOption.APPEND);
    assertThat(RunFolder.readMetrics(folder)).extracting(Metrics::step).containsExactly(1L, 2L);
    Files.writeString(file, "ss\":\"much\"}\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> RunFolder.readMetrics(folder))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("line 4 of " + file)
        .hasMessageContaining("loss is no number");
    assertThatThrownBy(() -> RunFolder.readMetrics(folder.resolve("none")))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void numbersThatAreNotFiniteSurvive() {
    Metrics odd = new Metrics(1, Map.of("a", Double.NaN, "b", Double.NEGATIVE_INFINITY));
    try (RunFolder run = open()) {
      run.append(odd);
      assertThat(run.metrics()).containsExactly(odd);
    }
  }

  @Test
  void anInterruptedThreadOpensWritesAndResumes() {
    Thread.currentThread().interrupt();
    try (RunFolder run = open()) {
      run.append(metrics(1));
      run.save(1, List.of(CheckpointPart.text("note.txt", "one")), Map.of());
      run.append(metrics(2));
    }
    assertThat(Thread.interrupted()).as("the flag stays").isTrue();
    Thread.currentThread().interrupt();
    try (RunFolder run = open()) {
      assertThat(run.resumed().orElseThrow().text("note.txt")).isEqualTo("one");
      assertThat(run.metrics()).containsExactly(metrics(1));
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  /** A checkpoint never outlives the metrics of its steps. */
  @Test
  void metricsAreOnTheDiskBeforeTheCheckpointIsBegun() {
    RecordingDisk disk = new RecordingDisk(folder);
    try (RunFolder run = RunFolder.open(folder, CONFIGURATION, 2, disk)) {
      run.append(metrics(1));
      run.save(1, List.of(), Map.of());
    }
    assertThat(disk.changes())
        .startsWith("force metrics.jsonl", "create .checkpoint-1.tmp/manifest.json");
  }

  @Test
  void aTornLastLineIsRemovedAtEveryLength() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (RunFolder run = open()) {
      run.append(metrics(1));
      run.save(1, List.of(), Map.of());
    }
    long whole = Files.size(file);
    byte[] bytes = Files.readAllBytes(file);
    for (long size = whole; size >= 0; size--) {
      Files.write(file, bytes);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(size);
      }
      try (RunFolder run = open()) {
        assertThat(run.metrics()).hasSize(size == whole ? 1 : 0);
        run.append(metrics(2));
      }
      assertThat(Files.readString(file)).startsWith("{\"format\":\"alignment4j-metrics\"");
    }
  }

  @Test
  void aDamagedLineIsNamed() throws IOException {
    try (RunFolder run = open()) {
      run.append(metrics(1));
      run.append(metrics(2));
      run.save(2, List.of(), Map.of());
    }
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(file, Files.readString(file).replace("{\"step\":1", "{\"step\":x"));
    assertThatThrownBy(this::open)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("line 2 of")
        .hasMessageContaining("metrics.jsonl");
    Files.writeString(file, Files.readString(file).replace("{\"step\":x", "{\"step\":-1"));
    assertThatThrownBy(this::open)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("line 2 of")
        .hasMessageContaining("step is negative");
  }

  @Test
  void aSecondOwnerIsRefused() {
    try (RunFolder run = open()) {
      assertThat(run.path()).isEqualTo(folder);
      assertThatThrownBy(this::open)
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }
    open().close();
  }

  @Test
  void anotherConfigurationIsRefusedByKey() {
    open().close();
    assertThatThrownBy(() -> RunFolder.open(folder, Map.of("learningRate", "0.1", "batch", "4"), 2))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("batch (was absent, now 4)")
        .hasMessageContaining("learningRate (was 1.0E-4, now 0.1)")
        .hasMessageContaining("seed (was 7, now absent)");
    open().close();
  }

  @Test
  void aTamperedOrNewerConfigurationIsRefused() throws IOException {
    open().close();
    Path file = folder.resolve("run.json");
    String json = Files.readString(file);
    Files.writeString(file, json.replace("\"7\"", "\"8\""));
    assertThatThrownBy(this::open).hasMessageContaining("checksum does not match");
    Files.writeString(file, json.replaceFirst("\"version\" : 1", "\"version\" : 3"));
    assertThatThrownBy(this::open)
        .hasMessageContaining("alignment4j-run version 1 or older but has version 3");
    Files.writeString(file, "{}");
    assertThatThrownBy(this::open).hasMessageContaining("format of");
  }

  @Test
  void resumedTrainingEndsInTheSameBits() {
    FlatParameters straight = train(6, folder.resolve("straight"));
    train(4, folder.resolve("resumed"));
    FlatParameters resumed = train(6, folder.resolve("resumed"));
    assertThat(resumed.buffer(0).mismatch(straight.buffer(0))).isEqualTo(-1);
  }

  /** Trains up to a step and saves after every third, so that step 4 is lost and made again. */
  private static FlatParameters train(int until, Path path) {
    FlatLayout layout = FlatLayout.of(Map.of("w", List.of(300, 300)));
    FlatParameters parameters = FlatParameters.zeros(layout);
    FlatParameters gradients = FlatParameters.zeros(layout);
    AdamWConfig config = AdamWConfig.defaults().weightDecay(0.1, Decayed.ALL);
    AdamW adam = new AdamW(config, parameters, Runnable::run, 2);
    try (RunFolder run = RunFolder.open(path, CONFIGURATION, 1)) {
      run.resumed()
          .ifPresent(
              checkpoint -> {
                checkpoint.read("parameters.safetensors", StateTensor.of("p", parameters));
                checkpoint.read("optimizer.safetensors", adam.state());
                adam.resumeAt(checkpoint.step());
              });
      for (long step = adam.steps() + 1; step <= until; step++) {
        Random random = new Random(step);
        for (int i = 0; i < 90_000; i++) {
          gradients.buffer(0).put(i, (float) random.nextGaussian());
        }
        adam.update(gradients, 1, 1e-3, 1);
        run.append(metrics(step));
        if (step % 3 == 0) {
          run.save(
              step,
              List.of(
                  CheckpointPart.tensors("parameters.safetensors", StateTensor.of("p", parameters)),
                  CheckpointPart.tensors("optimizer.safetensors", adam.state())),
              Map.of());
        }
      }
      assertThat(run.metrics()).hasSize(until);
    }
    return parameters;
  }
}
