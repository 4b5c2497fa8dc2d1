package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileSafetensorsTest {

  @TempDir Path folder;

  @Test
  void acceptsTheValidFileThatTheOthersBreak() {
    try (SafetensorsFile file = open("{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", 8)) {
      assertThat(file.tensors()).containsOnlyKeys("a");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE, 0, 1})
  void refusesHeaderLengthBeyondTheFile(long length) {
    byte[] bytes = TestFiles.safetensors("{}", new byte[0]);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);

    refuses(bytes, "the header length must be between 2 and 2 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void refusesFileShorterThanTheLength(int size) {
    refuses(new byte[size], "must have at least 8 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8})
  void refusesTruncatedData(int cut) {
    byte[] bytes =
        TestFiles.safetensors(
            json("{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}"), new byte[8]);

    refuses(Arrays.copyOf(bytes, bytes.length - cut), "data_offsets of 'a' must be [begin, end]");
  }

  @Test
  void refusesDataAfterTheLastTensor() {
    refuses("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", 5, "must fill the file");
  }

  @Test
  void refusesOverlappingTensors() {
    refuses(
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
        12,
        "without overlap but 'b' begins at 4 and 'a' ends at 8");
  }

  @Test
  void refusesHoles() {
    refuses(
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
            + "'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}",
        12,
        "without hole but 'b' begins at 8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[0,12]", "[4,0]", "[0]", "[0,4,8]", "[9223372036854775807,9223372036854775807]"})
  void refusesOffsetsOutOfRange(String offsets) {
    refuses(
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':" + offsets + "}}",
        8,
        "data_offsets of 'a' must be [begin, end]");
  }

  @Test
  void refusesNegativeOffsets() {
    refuses("{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}", 8, "must not be negative");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[4611686018427387904,4611686018427387904]",
        "[9223372036854775807]",
        "[65536,65536,65536,65536,0]"
      })
  void refusesShapesWhoseProductOverflows(String shape) {
    refuses("{'a':{'dtype':'F32','shape':" + shape + ",'data_offsets':[0,8]}}", 8, "overflows");
  }

  @Test
  void refusesHugeShapesThatTheFileCannotHold() {
    refuses(
        "{'a':{'dtype':'F32','shape':[1000000,1000000],'data_offsets':[0,8]}}",
        8,
        "must take 4000000000000 bytes but its data_offsets span 8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"F33", "f32", "", "java.lang.Float"})
  void refusesUnknownDtype(String dtype) {
    refuses(
        "{'a':{'dtype':'" + dtype + "','shape':[2],'data_offsets':[0,8]}}",
        8,
        "dtype of 'a' must be one of");
  }

  @Test
  void refusesDtypeOfAnotherWidth() {
    refuses("{'a':{'dtype':'F16','shape':[2],'data_offsets':[0,8]}}", 8, "must take 4 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[[2]],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}",
        "{'a':{'dtype':32,'shape':[2],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'more':1}}",
        "{'a':[]}",
        "{'a':null}",
        "{'__metadata__':{'format':1}}",
        "[]",
        "null",
        "{} {}",
        "{}x",
        "{'a':{'dtype':'F32','shape':[99999999999999999999999],'data_offsets':[0,8]}}"
      })
  void refusesBrokenHeaders(String header) {
    refuses(header, header.startsWith("{'a'") ? 8 : 0, "header of ");
  }

  @Test
  void refusesDeeplyNestedHeaders() {
    refuses("{'a':" + "[".repeat(100_000) + "]".repeat(100_000) + "}", 0, "header of ");
    refuses("[".repeat(100_000), 0, "header of ");
  }

  @Test
  void refusesHeadersThatAreNotUtf8() {
    byte[] bytes = TestFiles.safetensors("{\"abc\":{}}", new byte[0]);
    bytes[10] = (byte) 0xff;

    refuses(bytes, "must be UTF-8");
  }

  @Test
  void refusesTooManyDimensions() {
    String ones = "1,".repeat(40) + "2";
    refuses("{'a':{'dtype':'F32','shape':[" + ones + "],'data_offsets':[0,8]}}", 8, "at most 32");
  }

  @Test
  void refusesToReadTypesItCannotConvert() {
    try (SafetensorsFile file = open("{'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}", 8)) {
      assertThat(file.tensors().get("a").dtype()).isEqualTo(DType.F64);
      assertThatThrownBy(() -> file.read("a"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("dtype must be F32, F16 or BF16 but 'a'")
          .hasMessageContaining("is F64");
    }
  }

  @Test
  void refusesMissingFiles() {
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("none.safetensors");
  }

  private SafetensorsFile open(String header, int dataBytes) {
    byte[] bytes = TestFiles.safetensors(json(header), new byte[dataBytes]);
    return SafetensorsFile.open(TestFiles.write(folder.resolve("x.safetensors"), bytes));
  }

  private void refuses(String header, int dataBytes, String message) {
    refuses(TestFiles.safetensors(json(header), new byte[dataBytes]), message);
  }

  private void refuses(byte[] bytes, String message) {
    Path file = TestFiles.write(folder.resolve("x.safetensors"), bytes);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("x.safetensors");
  }

  private static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }
}
