package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.alignment4j.api.CheckpointException;

class SafetensorsProperties {

  private static Path folder;
  private static byte[] valid;
  private static int headerEnd;

  @BeforeContainer
  static void writeValidFile() throws IOException {
    folder = Files.createTempDirectory("safetensors");
    Path file = folder.resolve("valid.safetensors");
    SafetensorsWriter.write(file, TestFiles.weights(1), DType.F16);
    valid = Files.readAllBytes(file);
    headerEnd = new String(valid, StandardCharsets.ISO_8859_1).indexOf("}}") + 2;
  }

  @AfterContainer
  static void deleteFiles() throws IOException {
    for (String name : TestFiles.names(folder)) {
      Files.delete(folder.resolve(name));
    }
    Files.delete(folder);
  }

  @Property(tries = 1000)
  void damagedHeadersAreReadOrRefused(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 100_000) Integer> places,
      @ForAll byte value)
      throws IOException {
    byte[] bytes = valid.clone();
    for (int place : places) {
      bytes[place % headerEnd] = value;
    }
    readOrRefuse(bytes);
  }

  @Property(tries = 200)
  void truncatedFilesAreRefused(@ForAll @IntRange(min = 0, max = 100_000) int length)
      throws IOException {
    byte[] bytes = Arrays.copyOf(valid, length % valid.length);

    assertThat(readOrRefuse(bytes)).as("was read").isFalse();
  }

  /** Whether the file could be read; anything but our own exception fails the test. */
  private static boolean readOrRefuse(byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve("damaged.safetensors"), bytes);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      long total = 0;
      for (TensorInfo info : file.tensors().values()) {
        total += info.byteCount();
        if (info.dtype().readable()) {
          assertThat((long) file.read(info.name()).size()).isEqualTo(info.size());
        }
      }
      assertThat(total).isLessThan(bytes.length);
      return true;
    } catch (CheckpointException e) {
      assertThat(e).hasMessageContaining("damaged.safetensors");
      return false;
    }
  }
}
