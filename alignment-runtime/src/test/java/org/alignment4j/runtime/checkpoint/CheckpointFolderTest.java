package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFolderTest {

  @TempDir Path parent;
  private Path folder;

  @BeforeEach
  void writeConfig() throws IOException {
    folder = Files.createDirectory(parent.resolve("model"));
    TestFiles.write(folder.resolve("config.json"), "{\"model_type\":\"llama\"}");
  }

  @Test
  void readsShards() {
    writeShard("s1.safetensors", "a", 1);
    writeShard("s2.safetensors", "b", 2);
    writeIndex("'a':'s1.safetensors','b':'s2.safetensors'");

    CheckpointFolder opened = CheckpointFolder.open(folder);

    assertThat(opened.tensorNames()).containsExactly("a", "b");
    assertThat(TestFiles.values(opened.weights().get("b"))).containsExactly(2);
    assertThat(opened.generationConfig()).isNull();
  }

  @Test
  void refusesMissingShard() {
    writeShard("s1.safetensors", "a", 1);
    writeIndex("'a':'s1.safetensors','b':'s2.safetensors'");

    refuses("s2.safetensors", "is missing", "fetch the folder completely");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.safetensors",
        "sub/../../outside.safetensors",
        "..",
        ".",
        "",
        "sub/inside.safetensors",
        "..\\\\outside.safetensors"
      })
  void refusesShardOutsideTheFolder(String shard) {
    TestFiles.write(parent.resolve("outside.safetensors"), new byte[0]);
    writeIndex("'a':'" + shard + "'");

    refuses("a shard must be a file directly in the model's folder", "field 'a'");
  }

  @Test
  void refusesAbsoluteShard() {
    Path outside = parent.resolve("outside.safetensors").toAbsolutePath();
    writeIndex("'a':'" + outside + "'");

    refuses("a shard must be a file directly in the model's folder", outside.toString());
  }

  @Test
  void refusesShardWithoutItsTensor() {
    writeShard("s1.safetensors", "a", 1);
    writeIndex("'a':'s1.safetensors','b':'s1.safetensors'");

    refuses("must hold 'b'");
  }

  @Test
  void refusesIndexWithoutMap() {
    TestFiles.write(folder.resolve("model.safetensors.index.json"), "{}");

    refuses("weight_map");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "model.pt"})
  void refusesPickle(String file) {
    TestFiles.write(folder.resolve(file), new byte[] {(byte) 0x80, 2});

    refuses(
        "weights must be safetensors but",
        file,
        "pickle files can run code",
        "safe_serialization=True");
  }

  @Test
  void ignoresPickleBesideSafetensors() {
    TestFiles.write(folder.resolve("pytorch_model.bin"), new byte[0]);
    writeShard("model.safetensors", "a", 1);

    assertThat(CheckpointFolder.open(folder).weights().names()).containsExactly("a");
  }

  @Test
  void refusesFolderWithoutWeights() {
    refuses("has neither");
    TestFiles.write(folder.resolve("model.Q4.gguf"), new byte[0]);
    refuses("has neither", "of a GGUF file take the model's original safetensors folder");
  }

  @Test
  void pointersOfGitLfsAreNamedSo() {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 9\n";
    TestFiles.write(
        folder.resolve("model.safetensors"),
        pointer.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    refuses("model.safetensors", "is a pointer of Git LFS", "git lfs pull");
  }

  @Test
  void refusesFolderWithoutConfig() throws IOException {
    Files.delete(folder.resolve("config.json"));

    refuses("must have config.json");
  }

  @Test
  void refusesFileInsteadOfFolder() {
    assertThatThrownBy(() -> CheckpointFolder.open(folder.resolve("config.json")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("must be a folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":NaN}"})
  void refusesBrokenConfig(String text) {
    TestFiles.write(folder.resolve("config.json"), text);
    writeShard("model.safetensors", "a", 1);

    refuses("config.json must be a JSON object");
  }

  @Test
  void refusesDeeplyNestedConfig() {
    TestFiles.write(folder.resolve("config.json"), "{\"a\":" + "[".repeat(50_000));
    writeShard("model.safetensors", "a", 1);

    refuses("config.json must be a JSON object");
  }

  @Test
  void refusesConfigThatIsNotUtf8() {
    TestFiles.write(folder.resolve("config.json"), new byte[] {'{', '"', (byte) 0xff, '"'});
    writeShard("model.safetensors", "a", 1);

    refuses("config.json must be UTF-8");
  }

  private void writeShard(String file, String tensor, float value) {
    SafetensorsWriter.write(
        folder.resolve(file),
        Weights.of(List.of(WeightTensor.of(tensor, new long[] {1}, new float[] {value}))),
        DType.F32);
  }

  private void writeIndex(String entries) {
    TestFiles.write(
        folder.resolve("model.safetensors.index.json"),
        ("{'weight_map':{" + entries + "}}").replace('\'', '"'));
  }

  private void refuses(String... parts) {
    assertThatThrownBy(() -> CheckpointFolder.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(parts);
  }
}
