package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.alignment4j.api.CheckpointException;

/** Files cut anywhere and damaged anywhere are refused by name, and never end the process. */
class HostileOnnxProperties {

  private static Path folder;
  private static byte[] valid;

  @BeforeContainer
  static void export() throws IOException {
    folder = Files.createTempDirectory("onnx");
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder);
    }
    valid = Files.readAllBytes(folder.resolve("model.onnx"));
  }

  @AfterContainer
  static void delete() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 300)
  void cutFiles(@ForAll @IntRange(min = 0, max = 1 << 20) int at) throws IOException {
    byte[] cut = Arrays.copyOf(valid, at % valid.length);
    parsedOrRefused(cut);
    assertThat(loads(cut)).as("was read").isFalse();
  }

  /** Within the graph, before the parameters. */
  @Property(tries = 300)
  void damagedFiles(
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 0, max = 1 << 14) Integer> places,
      @ForAll byte value)
      throws IOException {
    byte[] damaged = valid.clone();
    for (int place : places) {
      damaged[place % damaged.length] = value;
    }
    loads(damaged);
  }

  /** ONNX Runtime alone. */
  private static void parsedOrRefused(byte[] bytes) {
    try {
      OrtEnvironment.getEnvironment().createSession(bytes).close();
    } catch (OrtException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  /** Whether the model loads; anything but our own exception fails the test. */
  private static boolean loads(byte[] bytes) throws IOException {
    Files.write(folder.resolve("model.onnx"), bytes);
    try (OnnxLanguageModel model = OnnxLanguageModel.load(folder, TestModels.CPU)) {
      assertThat(model.id()).isNotEmpty();
      return true;
    } catch (CheckpointException e) {
      assertThat(e).hasMessageContaining("model.onnx");
      return false;
    }
  }
}
