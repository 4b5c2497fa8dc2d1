package org.alignment4j.interp.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.checkpoint.SafetensorsWriter;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders in the layout of tuned-lens, and what is refused of them. */
class TunedLensFolderTest {

  @TempDir Path folder;

  @BeforeEach
  void save() {
    TunedLensFolder.save(LensTranslators.identity("some model", 2, 3), folder);
  }

  private void configure(String from, String to) throws IOException {
    Path file = folder.resolve(TunedLensFolder.CONFIG);
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  @Test
  void hasTheTensorsAndKeysOfTunedLens() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(TunedLensFolder.PARAMETERS))) {
      assertThat(file.tensors().keySet())
          .containsExactlyInAnyOrder("0.weight", "0.bias", "1.weight", "1.bias");
      assertThat(file.read("1.weight").shape()).containsExactly(3, 3);
    }
    assertThat(Files.readString(folder.resolve(TunedLensFolder.CONFIG)))
        .contains("\"base_model_name_or_path\"", "\"d_model\"", "\"num_hidden_layers\"")
        .contains("\"linear_tuned_lens\"");
  }

  @Test
  void refusesDamagedFolders() throws IOException {
    configure("\"version\" : 1", "\"version\" : 2");
    assertThatThrownBy(() -> TunedLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("version")
        .hasMessageContaining("must be at most 1 but was 2");
    configure("\"version\" : 2", "\"version\" : 1");
    configure("\"BIAS\"", "\"QUADRATIC\"");
    assertThatThrownBy(() -> TunedLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("[AFFINE, BIAS] but was QUADRATIC");
    configure("\"QUADRATIC\"", "\"AFFINE\"");
    configure(TunedLensFolder.FORMAT, "other");
    assertThatThrownBy(() -> TunedLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("must be alignment4j-tuned-lens but was other");
    configure("\"other\"", "\"" + TunedLensFolder.FORMAT + "\"");
    configure("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 3");
    assertThatThrownBy(() -> TunedLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("2.bias");
    configure("\"num_hidden_layers\" : 3", "\"num_hidden_layers\" : 2");
    configure("\"d_model\" : 3", "\"d_model\" : 4");
    assertThatThrownBy(() -> TunedLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("must have the shape [4] but has [3]");
  }

  @Test
  void refusesNumbersThatAreNone() {
    SafetensorsWriter.write(
        folder.resolve(TunedLensFolder.PARAMETERS),
        Weights.of(
            List.of(
                WeightTensor.of("0.bias", new long[] {3}, new float[] {0, Float.NaN, 0}),
                WeightTensor.of("1.bias", new long[] {3}, new float[3]))),
        DType.F32);
    assertThatThrownBy(() -> TunedLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("0.bias must be finite but element 1 was NaN");
  }
}
