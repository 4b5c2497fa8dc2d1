package org.alignment4j.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.runtime.train.CheckpointPart;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.StateTensor;
import org.alignment4j.runtime.train.TrainingCheckpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The files of a training run: a damaged one is refused, or the run continues from a whole
 * checkpoint.
 */
class RunFolderFuzzTest {

  private static final Map<String, String> CONFIGURATION = Map.of("rate", "1.0E-4", "seed", "7");
  private static final String STATE = "optimizer.safetensors";

  /** What is damaged. */
  enum Damaged {
    RUN("run.json"),
    METRICS("metrics.jsonl"),
    MANIFEST("checkpoint-4/manifest.json"),
    /** With a manifest whose checksum fits the damage. */
    STATE_FILE("checkpoint-4/" + STATE);

    private final String path;

    Damaged(String path) {
      this.path = path;
    }
  }

  static {
    // A warning for each damaged checkpoint would bury the outcome.
    System.setProperty("org.slf4j.simpleLogger.log.org.alignment4j.runtime.train", "off");
  }

  @TempDir Path folder;

  private List<byte[]> metrics;

  private static List<StateTensor> state() {
    return List.of(
        new StateTensor("m", List.of(FloatBuffer.allocate(40), FloatBuffer.allocate(3))),
        new StateTensor("codes", List.of(ByteBuffer.allocate(21))));
  }

  @BeforeEach
  void writeRun() throws IOException {
    try (RunFolder run = RunFolder.open(folder, CONFIGURATION, 2)) {
      for (long step = 1; step <= 4; step++) {
        run.append(new Metrics(step, Map.of("loss", step == 3 ? Double.NaN : 1.0 / step)));
        if (step % 2 == 0) {
          run.save(step, List.of(CheckpointPart.tensors(STATE, state())), Map.of("epoch", "1"));
        }
      }
    }
    metrics = List.of(Files.readAllBytes(folder.resolve("metrics.jsonl")));
  }

  /** Buffers of 64 KiB for a checksum and for metrics; small files are held parsed. */
  private Fuzzing fuzzing(Damaged damaged) throws IOException {
    Path file = folder.resolve(damaged.path);
    List<byte[]> valid = new ArrayList<>(List.of(Files.readAllBytes(file)));
    return new Fuzzing(
        file,
        valid,
        List.of("\"step\":4", "\"bytes\":", "../", "manifest.json", "\"NaN\"", "\"version\":2"),
        8 << 20,
        200,
        20,
        damaged == Damaged.STATE_FILE ? this::openCertified : this::open);
  }

  private void openCertified(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.writeString(
        file.resolveSibling("manifest.json"),
        "{\"format\":\"alignment4j-checkpoint\",\"version\":1,\"step\":4,\"values\":{},\"files\":{\""
            + STATE
            + "\":{\"bytes\":"
            + bytes.length
            + ",\"sha256\":\""
            + sha256(bytes)
            + "\"}}}",
        StandardCharsets.UTF_8);
    open(file);
  }

  private static String sha256(byte[] bytes) {
    MessageDigest digest = Sha256.digest();
    digest.update(bytes);
    return Sha256.hex(digest);
  }

  private void open(Path file) throws IOException {
    Path log = folder.resolve("metrics.jsonl");
    if (!file.equals(log)) {
      Files.write(log, metrics.get(0));
    }
    try (RunFolder run = RunFolder.open(folder, CONFIGURATION, 2)) {
      TrainingCheckpoint checkpoint = run.resumed().orElseThrow();
      assertThat(checkpoint.step()).isIn(2L, 4L);
      checkpoint.read(STATE, state());
      assertThat(run.metrics()).allMatch(m -> m.step() <= checkpoint.step());
      run.append(new Metrics(checkpoint.step() + 1, Map.of("loss", 1.0)));
    }
  }

  private static void check(Fuzzing.Outcome outcome, Damaged damaged) {
    if (damaged != Damaged.RUN) {
      assertThat(outcome.loaded()).as("inputs that a run continues from").isPositive();
    }
    assertThat(outcome.refused()).as("inputs that were refused").isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void hundreds(Damaged damaged) throws IOException {
    check(fuzzing(damaged).few(), damaged);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void hundredThousands(Damaged damaged) throws IOException {
    check(fuzzing(damaged).many(), damaged);
  }
}
