package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointWriterTest {

  private static final ConfigJson CONFIG =
      ConfigJson.parse("config.json", "{\"model_type\":\"llama\",\"torch_dtype\":\"bfloat16\"}");

  @TempDir Path parent;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fixtures/models/gpt2-tiny",
        "fixtures/models/neox-tiny",
        "fixtures/models/llama-tiny",
        "fixtures/models/qwen2-tiny",
        "models/stories260K"
      })
  void referenceCheckpointsComeBackBitForBit(String name) throws IOException {
    Path source = SharedFiles.require(name);
    CheckpointFolder original = CheckpointFolder.open(source);
    Path target = parent.resolve("copy");

    CheckpointWriter.save(
        target,
        original.config(),
        original.generationConfig(),
        original.weights(),
        DType.F32,
        source);

    CheckpointFolder copy = CheckpointFolder.open(target);
    assertThat(copy.weights().contentHash()).isEqualTo(original.weights().contentHash());
    assertThat(copy.config().text()).isEqualTo(original.config().text());
    assertThat(copy.tensorNames()).hasSameElementsAs(original.tensorNames());
    for (String file : TestFiles.names(source)) {
      if (file.startsWith("tokenizer") && !file.equals("tokenizer_cases.json")) {
        assertThat(Files.readAllBytes(target.resolve(file)))
            .isEqualTo(Files.readAllBytes(source.resolve(file)));
      }
    }
    assertThat(TestFiles.names(parent)).containsExactly("copy");
  }

  @Test
  void createsParentsAndNamesTheType() {
    Path target = parent.resolve("a/b/model");

    CheckpointWriter.save(target, CONFIG, null, TestFiles.weights(1), DType.F16, null);

    assertThat(TestFiles.names(target)).containsExactly("config.json", "model.safetensors");
    assertThat(CheckpointFolder.open(target).config().string("torch_dtype")).isEqualTo("float16");
  }

  @Test
  void savingOverTheFolderOneLoadedFromWorks() {
    Path target = parent.resolve("model");
    CheckpointWriter.save(target, CONFIG, null, TestFiles.weights(1), DType.F32, null);
    CheckpointFolder folder = CheckpointFolder.open(target);
    Weights mapped = folder.weights();

    CheckpointWriter.save(target, folder.config(), null, mapped, DType.F32, target);

    assertThat(CheckpointFolder.open(target).weights().contentHash())
        .isEqualTo(TestFiles.weights(1).contentHash());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1000, 2950})
  void fullDiskLeavesTheOldFolder(long room) throws IOException {
    Path target = parent.resolve("model");
    CheckpointWriter.save(target, CONFIG, CONFIG, TestFiles.weights(1), DType.F32, null);
    Map<String, byte[]> before = contents(target);

    assertThatThrownBy(() -> save(target, TestFiles.fullAfter(room)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("No space left on device");

    Map<String, byte[]> after = contents(target);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    after.forEach((name, bytes) -> assertThat(bytes).isEqualTo(before.get(name)));
    assertThat(TestFiles.names(parent)).containsExactly("model");
  }

  @Test
  void fullDiskLeavesNothingWhereNothingWas() {
    assertThatThrownBy(() -> save(parent.resolve("model"), TestFiles.fullAfter(1000)))
        .isInstanceOf(CheckpointException.class);

    assertThat(TestFiles.names(parent)).isEmpty();
  }

  private static void save(Path target, AtomicFile files) {
    CheckpointWriter.save(
        target, CONFIG, CONFIG, TextFiles.none(), TestFiles.weights(2), DType.F32, files);
  }

  private static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (String name : TestFiles.names(folder)) {
      contents.put(name, Files.readAllBytes(folder.resolve(name)));
    }
    return contents;
  }
}
