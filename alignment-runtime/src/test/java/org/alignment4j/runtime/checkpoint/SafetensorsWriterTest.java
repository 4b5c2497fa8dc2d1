package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsWriterTest {

  @TempDir Path folder;

  @Test
  void float32ComesBackBitForBit() {
    Weights weights = TestFiles.weights(3);

    Weights back = writeAndRead(weights, DType.F32);

    assertThat(back.contentHash()).isEqualTo(weights.contentHash());
    assertThat(back.names()).containsExactlyElementsOf(weights.names());
    assertThat(back.get("scalar").shape()).isEmpty();
    assertThat(back.get("empty").shape()).containsExactly(0, 3);
  }

  @Test
  void float16ComesBackRounded() {
    Weights weights = TestFiles.weights(3);

    float[] back = TestFiles.values(writeAndRead(weights, DType.F16).get("h.0.weight"));

    float[] original = TestFiles.values(weights.get("h.0.weight"));
    for (int i = 0; i < original.length; i++) {
      assertThat(back[i])
          .isEqualTo(HalfPrecision.fromF16(HalfPrecision.toF16(original[i])))
          .isNotNaN();
    }
  }

  @Test
  void layoutIsTheFormats() throws IOException {
    Path file = folder.resolve("w.safetensors");
    Weights weights = Weights.of(List.of(WeightTensor.of("a", new long[] {2}, new float[] {1, 2})));

    SafetensorsWriter.write(file, weights, DType.F32);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    assertThat(length % 8).isZero();
    assertThat(new String(bytes.array(), 8, length, StandardCharsets.UTF_8).stripTrailing())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
    assertThat(bytes.getFloat(8 + length)).isEqualTo(1);
    assertThat(bytes.getFloat(12 + length)).isEqualTo(2);
    assertThat(bytes.capacity()).isEqualTo(16 + length);
  }

  @Test
  void metadataComesBack() {
    Path file = folder.resolve("w.safetensors");
    SafetensorsWriter.write(
        file, TestFiles.weights(3), DType.F32, Map.of("format", "state", "version", "1"));

    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.metadata()).isEqualTo(Map.of("format", "state", "version", "1"));
    }
  }

  @Test
  void refusesValuesThatFloat16CannotHold() {
    Path file = folder.resolve("w.safetensors");
    Weights weights =
        Weights.of(List.of(WeightTensor.of("a", new long[] {2}, new float[] {1, 70_000})));

    assertThatThrownBy(() -> SafetensorsWriter.write(file, weights, DType.F16))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'a' contains 70000.0");
    assertThat(TestFiles.names(folder)).isEmpty();
  }

  @Test
  void refusesOtherTypes() {
    Path file = folder.resolve("w.safetensors");
    assertThatThrownBy(() -> SafetensorsWriter.write(file, TestFiles.weights(3), DType.F64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dtype must be F32, F16 or BF16 but was F64");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5, 100, 500, 2000})
  void fullDiskLeavesTheOldFile(long room) throws IOException {
    Path file = folder.resolve("w.safetensors");
    SafetensorsWriter.write(file, TestFiles.weights(1), DType.F32);
    byte[] old = Files.readAllBytes(file);

    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    file,
                    TestFiles.weights(2),
                    DType.F32,
                    SafetensorsWriter.HUGGING_FACE,
                    TestFiles.fullAfter(room)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("w.safetensors")
        .hasMessageContaining("unchanged");

    assertThat(Files.readAllBytes(file)).isEqualTo(old);
    assertThat(TestFiles.names(folder)).containsExactly("w.safetensors");
  }

  @Test
  void folderThatIsAFileIsRefused() {
    TestFiles.write(folder.resolve("taken"), "text");

    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    folder.resolve("taken/w.safetensors"), TestFiles.weights(1), DType.F32))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("w.safetensors");
  }

  @Test
  void loadedTensorsSurviveReplacementOfTheirFile() {
    Path file = folder.resolve("w.safetensors");
    SafetensorsWriter.write(file, TestFiles.weights(1), DType.F32);
    WeightTensor loaded = read(file).get("embed.weight");

    SafetensorsWriter.write(file, TestFiles.weights(2), DType.F32);

    assertThat(TestFiles.values(loaded))
        .isEqualTo(TestFiles.values(TestFiles.weights(1).get("embed.weight")));
  }

  @Test
  void unalignedAndBrainFloatTensorsAreConverted() {
    String header =
        "{\"skip\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
            + "\"f\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[3,11]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1,2],\"data_offsets\":[11,15]},"
            + "\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[15,17]}}";
    ByteBuffer data = ByteBuffer.allocate(17).order(ByteOrder.LITTLE_ENDIAN);
    data.put(new byte[3]).putFloat(1.5f).putFloat(-3e20f);
    data.putShort((short) 0x3f80).putShort((short) 0xc040).putShort((short) 0x3c00);
    Path file =
        TestFiles.write(
            folder.resolve("x.safetensors"), TestFiles.safetensors(header, data.array()));

    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      assertThat(TestFiles.values(open.read("f"))).containsExactly(1.5f, -3e20f);
      assertThat(TestFiles.values(open.read("b"))).containsExactly(1f, -3f);
      assertThat(TestFiles.values(open.read("h"))).containsExactly(1f);
      assertThat(Arrays.stream(DType.values()).filter(DType::readable)).hasSize(3);
    }
  }

  private Weights writeAndRead(Weights weights, DType dtype) {
    Path file = folder.resolve("w.safetensors");
    SafetensorsWriter.write(file, weights, dtype);
    return read(file);
  }

  private static Weights read(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return Weights.of(file.tensors().keySet().stream().map(file::read).toList());
    }
  }
}
