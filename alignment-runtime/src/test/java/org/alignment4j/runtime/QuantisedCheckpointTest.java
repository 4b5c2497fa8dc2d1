package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.Quantisation.Scope;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantised models written, read, and quantised as they are read. */
class QuantisedCheckpointTest {

  private static final String CONFIG = "config.json";
  private static final Quantisation FOUR =
      Quantisation.int4(32).scope(Scope.BLOCKS_AND_EMBEDDINGS).activations(Activations.INT8);

  @TempDir Path folder;

  private static double[] scores(LikelihoodModel model) {
    return model
        .logProbabilities(
            List.of(Continuation.of(Prompt.tokens(5, 6), TokenIds.of(7, 8, 9, 10, 11))))
        .get(0)
        .logProbs()
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gpt_neox", "opt, narrow embeddings", "bloom, own head", "llama"})
  void whatIsReadIsWhatWasWritten(String family) {
    String name =
        QuantisedFamilies.names().stream()
            .filter(n -> n.startsWith(family))
            .findFirst()
            .orElseThrow();
    for (Quantisation quantisation : List.of(FOUR, Quantisation.int8(64))) {
      try (DecoderModel base = QuantisedFamilies.model(name);
          DecoderModel model = base.quantised(quantisation)) {
        Path saved = folder.resolve(Integer.toHexString(quantisation.hashCode()));
        model.save(saved);
        try (DecoderModel read = DecoderModel.load(saved, TestModels.CPU)) {
          assertThat(read.weights().quantised()).isEqualTo(model.weights().quantised());
          assertThat(read.weights().contentHash()).isEqualTo(model.weights().contentHash());
          assertThat(scores(read)).containsExactly(scores(model));
        }
      }
    }
  }

  @Test
  void loadingQuantisedIsQuantisingWhatIsLoaded() {
    Path stories = SharedFiles.require("models/stories260K");
    try (DecoderModel base = DecoderModel.load(stories, TestModels.CPU);
        DecoderModel model = base.quantised(Quantisation.int8(32));
        DecoderModel loaded =
            DecoderModel.load(stories, TestModels.CPU.quantised(Quantisation.int8(32)))) {
      assertThat(loaded.weights().contentHash()).isEqualTo(model.weights().contentHash());
      assertThat(loaded.id()).isEqualTo(model.id());
      model.save(folder.resolve("quantised"));
      try (DecoderModel read = DecoderModel.load(folder.resolve("quantised"), TestModels.CPU)) {
        List<Prompt> prompt = List.of(Prompt.text("Once upon a time"));
        String text = read.generate(prompt, SamplingOptions.greedy(24)).get(0).text();
        assertThat(text)
            .isEqualTo(loaded.generate(prompt, SamplingOptions.greedy(24)).get(0).text())
            .hasSizeGreaterThan(20);
      }
    }
  }

  @Test
  void aHalfPrecisionCheckpointIsQuantisedFromItsOwnValues() {
    try (DecoderModel base = QuantisedFamilies.model("gpt2")) {
      CheckpointWriter.save(folder, base.source().config(), null, base.weights(), DType.F16, null);
      try (DecoderModel half = DecoderModel.load(folder, TestModels.CPU);
          DecoderModel model = half.quantised(FOUR);
          DecoderModel loaded = DecoderModel.load(folder, TestModels.CPU.quantised(FOUR))) {
        assertThat(loaded.weights().contentHash()).isEqualTo(model.weights().contentHash());
      }
    }
  }

  /** Exported files hold float32 only, and their configuration says nothing else. */
  @Test
  void theDequantisedModelIsExportedAsFloats() {
    try (DecoderModel base = QuantisedFamilies.model("gpt2");
        DecoderModel model = base.quantised(FOUR)) {
      model.save(folder);
      Path exported = folder.resolve("exported");
      try (DecoderModel read = DecoderModel.load(folder, TestModels.CPU);
          DecoderModel floats = read.dequantised()) {
        assertThatThrownBy(() -> read.exportOnnx(exported))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "a model must be float32 to be exported but is quantised; export dequantised()");
        assertThat(exported).doesNotExist();
        floats.exportOnnx(exported);
        ConfigJson config = ConfigJson.read(exported.resolve("config.json"));
        assertThat(config.has("quantization_config")).isFalse();
        try (OnnxLanguageModel onnx = OnnxLanguageModel.load(exported, TestModels.CPU)) {
          assertThat(scores(onnx)).containsExactly(scores(floats), within(1e-5));
        }
      }
    }
  }

  @Test
  void theDequantisedModelIsSavedAsFloats() {
    try (DecoderModel base = QuantisedFamilies.model("gpt2");
        DecoderModel model = base.quantised(FOUR)) {
      model.save(folder);
      try (DecoderModel read = DecoderModel.load(folder, TestModels.CPU);
          DecoderModel floats = read.dequantised()) {
        floats.save(folder.resolve("floats"));
        CheckpointFolder written = CheckpointFolder.open(folder.resolve("floats"));
        assertThat(written.config().has("quantization_config")).isFalse();
        assertThat(written.weights().contentHash()).isEqualTo(floats.weights().contentHash());
      }
    }
  }

  private void replace(String from, String to) throws IOException {
    Path config = folder.resolve(CONFIG);
    String text = Files.readString(config);
    assertThat(text).contains(from);
    Files.writeString(config, text.replace(from, to));
  }

  private void refuses(String... parts) {
    assertThatThrownBy(() -> DecoderModel.load(folder, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(parts);
  }

  private void saved() {
    try (DecoderModel base = QuantisedFamilies.model("gpt2");
        DecoderModel model = base.quantised(FOUR)) {
      model.save(folder);
    }
  }

  @Test
  void refusesANewerVersion() throws IOException {
    saved();
    replace("\"version\" : 1", "\"version\" : 2");
    refuses(
        "quantised weights must be in the format alignment4j-quantised-blocks, version at most 1,",
        "version 2",
        "newer one",
        "field 'version'");
  }

  @Test
  void refusesOtherSizesThanTheFileHas() throws IOException {
    saved();
    replace("\"bits\" : 4", "\"bits\" : 8");
    refuses("the quantised weight 'transformer.wte.weight'", "blocks of 32 bytes");
  }

  @Test
  void refusesNumbersItDoesNotKnow() throws IOException {
    saved();
    replace("\"block_size\" : 32", "\"block_size\" : 33");
    refuses("block size must be 32, 64 or 128 but was 33");
  }

  @Test
  void refusesLevelsThatAreMissing() throws IOException {
    saved();
    replace("\"transformer.wte.weight\" :", "\"transformer.other.weight\" :");
    refuses("transformer.wte.weight");
  }

  @Test
  void refusesToQuantiseAQuantisedCheckpoint() {
    saved();
    assertThatThrownBy(
            () -> DecoderModel.load(folder, TestModels.CPU.quantised(Quantisation.int8(32))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is quantised already; load it without a quantisation");
  }

  @Test
  void weightsOfTheFolderTellTheirForm() {
    saved();
    CheckpointFolder written = CheckpointFolder.open(folder);
    assertThat(written.isQuantised()).isTrue();
    Weights weights = written.weights();
    assertThat(weights.names()).isEqualTo(written.tensorNames());
    assertThat(weights.quantised()).hasSize(9);
  }
}
