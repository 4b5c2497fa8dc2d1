package org.alignment4j.pocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PocketModelTest {
  @TempDir Path folder;
  private Path model;
  private Path target;
  private PocketModel.Source source;

  @BeforeEach
  void makeModel() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    target = folder.resolve("some/where");
    source =
        name ->
            Files.exists(model.resolve(name)) ? Files.newInputStream(model.resolve(name)) : null;
    for (String name : PocketModelManifest.REQUIRED_FILES) {
      Files.writeString(model.resolve(name), "content of " + name);
    }
  }

  @Test
  void copiesEveryFileAndTheManifest() {
    PocketModelManifest written = PocketModelManifest.write(model, "v1", "world 1");
    PocketModel.copyTo(target, source);
    PocketModel.copyTo(target, source);
    assertThat(target.toFile().list())
        .hasSize(8)
        .containsAll(PocketModelManifest.REQUIRED_FILES)
        .contains("manifest.json");
    assertThat(target.resolve("config.json")).hasContent("content of config.json");
    assertThat(written.files()).extracting(PocketModelManifest.Entry::name).isSorted().hasSize(7);
    assertThat(written.worldVersion()).isEqualTo("world 1");
  }

  /** A folder in the place of the file makes the last step of the writing fail. */
  @Test
  void aManifestThatCannotBeWrittenLeavesNothingBehind() throws IOException {
    Path manifest = Files.createDirectories(model.resolve("manifest.json"));
    Files.writeString(manifest.resolve("kept"), "old");
    assertThatThrownBy(() -> PocketModelManifest.write(model, "v1", "w"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("manifest could not be written");
    assertThat(manifest.resolve("kept")).hasContent("old");
    assertThat(model.toFile().list()).hasSize(8);
  }

  @Test
  void manifestHoldsTheKnownHash() throws IOException {
    Files.writeString(model.resolve("config.json"), "abc");
    assertThat(PocketModelManifest.write(model, "v1", "w").files().get(0))
        .isEqualTo(
            new PocketModelManifest.Entry(
                "config.json",
                3,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void aDamagedFileIsRefusedAndNotLeftBehind() throws IOException {
    PocketModelManifest.write(model, "v1", "world 1");
    Files.writeString(model.resolve("model.safetensors"), "other");
    assertThatThrownBy(() -> PocketModel.copyTo(target, source))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining("SHA-256");
    assertThat(target.resolve("model.safetensors")).doesNotExist();
    assertThat(target.toFile().list()).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void anAbsentModelIsSaidToBeAbsent() {
    assertThatThrownBy(() -> PocketModel.copyTo(target, name -> null))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("manifest.json")
        .hasMessageContaining("PretrainPocket");
    assertThat(target).doesNotExist();
  }

  @Test
  void aMissingFileIsNamedWhenTheManifestIsWritten() throws IOException {
    Files.delete(model.resolve("tokenizer.json"));
    assertThatThrownBy(() -> PocketModelManifest.write(model, "v1", "w"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("[tokenizer.json] are missing");
  }

  @Test
  void foreignAndNewerManifestsAreRefusedByName() throws IOException {
    PocketModelManifest.write(model, "v1", "w");
    Path manifest = model.resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"version\" : 1", "\"version\" : 2"));
    assertThatThrownBy(() -> PocketModel.copyTo(target, source))
        .hasMessageContaining("version 2")
        .hasMessageContaining("alignment4j-pocket-model");
    Files.writeString(manifest, text.replace("alignment4j-pocket-model", "other"));
    assertThatThrownBy(() -> PocketModel.copyTo(target, source)).hasMessageContaining("'other'");
    Files.writeString(manifest, text.substring(0, 40));
    assertThatThrownBy(() -> PocketModel.copyTo(target, source)).hasMessageContaining("damaged");
  }

  @Test
  void namesCannotLeaveTheFolder() throws IOException {
    PocketModelManifest.write(model, "v1", "w");
    Path manifest = model.resolve("manifest.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"config.json\"", "\"../config.json\""));
    assertThatThrownBy(() -> PocketModel.copyTo(target, source))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'../config.json'");
  }

  @Test
  void theShippedModelIsWholeWherePresent() {
    if (PocketModel.isPresent()) {
      PocketModel.copyTo(target);
      assertThat(target.resolve("model.safetensors")).exists();
      assertThat(PocketModel.version()).isNotBlank();
    } else {
      assertThatThrownBy(PocketModel::version).hasMessageContaining("PretrainPocket");
    }
  }
}
