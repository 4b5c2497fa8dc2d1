package org.alignment4j.runtime.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.checkpoint.TensorInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Safetensors files of every type, and the index of a model in shards. */
class SafetensorsFuzzTest {

  private static final List<String> HEADERS =
      List.of(
          "{'a.weight':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]},"
              + "'b':{'dtype':'F16','shape':[4],'data_offsets':[24,32]},"
              + "'c':{'dtype':'BF16','shape':[2,1,1],'data_offsets':[32,36]},"
              + "'empty':{'dtype':'F32','shape':[0,7],'data_offsets':[36,36]},"
              + "'scalar':{'dtype':'F32','shape':[],'data_offsets':[36,40]}}",
          "{'__metadata__':{'format':'pt','version':'1'},"
              + "'é':{'dtype':'I64','shape':[5],'data_offsets':[0,40]}}",
          "{'x':{'dtype':'U8','shape':[40],'data_offsets':[0,40]}}      ");

  private static final String INDEX =
      "{\"metadata\":{\"total_size\":80},\"weight_map\":{\"a.weight\":\"one.safetensors\","
          + "\"b\":\"one.safetensors\",\"x\":\"two.safetensors\"}}";

  @TempDir Path folder;

  private static byte[] file(String header) {
    byte[] json = header.replace('\'', '"').getBytes(UTF_8);
    return ByteBuffer.allocate(8 + json.length + 40)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  /** The header is held as bytes, text and parsed; a half-precision tensor doubles. */
  private Fuzzing fuzzing() {
    return new Fuzzing(
        folder.resolve("model.safetensors"),
        HEADERS.stream().map(SafetensorsFuzzTest::file).toList(),
        List.of(),
        4 << 20,
        64,
        20,
        SafetensorsFuzzTest::read);
  }

  private static void read(Path path) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      long total = 0;
      for (TensorInfo info : file.tensors().values()) {
        total += info.byteCount();
        if (info.dtype().readable()) {
          assertThat((long) file.read(info.name()).size()).isEqualTo(info.size());
        }
      }
      assertThat(total).isLessThan(Files.size(path));
    }
  }

  private Fuzzing index() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.write(folder.resolve("one.safetensors"), file(HEADERS.get(0)));
    Files.write(folder.resolve("two.safetensors"), file(HEADERS.get(2)));
    return new Fuzzing(
        folder.resolve("model.safetensors.index.json"),
        List.of(INDEX.getBytes(UTF_8)),
        List.of("../one.safetensors", "/etc/passwd", "one.safetensors", "..", "\\\\", "\\u0000"),
        8 << 20,
        100,
        20,
        file -> {
          CheckpointFolder opened = CheckpointFolder.open(folder);
          for (String name : opened.tensorNames()) {
            assertThat(name).isIn("a.weight", "b", "c", "empty", "scalar", "x");
          }
        });
  }

  private static void check(Fuzzing.Outcome outcome) {
    assertThat(outcome.loaded()).as("inputs that were still valid").isPositive();
    assertThat(outcome.refused()).as("inputs that were refused").isPositive();
  }

  @Test
  void hundredsOfFiles() {
    check(fuzzing().few());
  }

  @Test
  void hundredsOfIndexes() throws IOException {
    check(index().few());
  }

  @Tag("slow")
  @Test
  void hundredThousandFiles() {
    check(fuzzing().many());
  }

  @Tag("slow")
  @Test
  void hundredThousandIndexes() throws IOException {
    check(index().many());
  }
}
