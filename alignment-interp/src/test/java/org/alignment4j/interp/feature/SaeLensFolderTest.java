package org.alignment4j.interp.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.interp.feature.SaeActivation.Gated;
import org.alignment4j.interp.feature.SaeActivation.JumpRelu;
import org.alignment4j.interp.feature.SaeActivation.Relu;
import org.alignment4j.interp.feature.SaeActivation.TopK;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SaeLensFolderTest {
  @TempDir Path folder;

  static Stream<SaeConfig> configs() {
    return Stream.of(
        RandomSae.config(4, 6, new Relu()),
        RandomSae.config(4, 6, new Gated()),
        RandomSae.config(4, 6, new JumpRelu()),
        RandomSae.config(4, 6, new TopK(2, true)),
        RandomSae.config(4, 6, new Relu(), InputNormalisation.LAYER_NORM, HookPoints.z(1)),
        RandomSae.transcoder(4, 3, 6, new Relu(), false),
        RandomSae.transcoder(4, 3, 6, new Relu(), true),
        RandomSae.transcoder(4, 3, 6, new JumpRelu(), false));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void roundTrip(SaeConfig config) {
    SparseAutoencoder sae = RandomSae.of(config, 3);
    SaeLensFolder.save(sae, folder);
    SparseAutoencoder loaded =
        SaeLensFolder.load(folder, "m", config.site().point(), config.inputSize());
    assertThat(loaded.config()).isEqualTo(config);
    assertThat(loaded.tensors()).isEqualTo(sae.tensors());
  }

  @Test
  void filesHaveTheLayoutOfSaeLens() {
    SaeLensFolder.save(RandomSae.of(RandomSae.config(4, 6, new TopK(2, true)), 3), folder);
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("sae_weights.safetensors"))) {
      assertThat(file.tensors().keySet())
          .containsExactlyInAnyOrder("W_enc", "W_dec", "b_enc", "b_dec");
      assertThat(Arrays.toString(file.read("W_enc").shape())).isEqualTo("[4, 6]");
      assertThat(Arrays.toString(file.read("W_dec").shape())).isEqualTo("[6, 4]");
    }
    ConfigJson json = ConfigJson.read(folder.resolve("cfg.json"));
    assertThat(json.string("architecture")).isEqualTo("topk");
    assertThat(json.integer("d_in")).isEqualTo(4);
    assertThat(json.integer("d_sae")).isEqualTo(6);
    assertThat(json.integer("k")).isEqualTo(2);
    assertThat(json.flag("rescale_acts_by_decoder_norm", false)).isTrue();
    assertThat(json.flag("apply_b_dec_to_input", false)).isTrue();
    assertThat(json.string("normalize_activations")).isEqualTo("none");
    ConfigJson metadata = json.object("metadata");
    assertThat(metadata.string("hook_name")).isEqualTo("blocks.0.hook_resid_post");
    assertThat(metadata.string("model_name")).isEqualTo("m");
    assertThat(metadata.string("sae_lens_version")).startsWith("6.");
  }

  private void write(String json) throws IOException {
    Files.writeString(folder.resolve("cfg.json"), json);
  }

  private SparseAutoencoder saved(SaeActivation activation) {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(4, 6, activation), 3);
    SaeLensFolder.save(sae, folder);
    return sae;
  }

  @Test
  void readsConfigurationsOlderThanVersion6() throws IOException {
    SparseAutoencoder sae = saved(new TopK(2, false));
    write(
        """
        {"model_name": "m", "hook_point": "blocks.0.hook_resid_post", "hook_point_layer": 0,
         "hook_point_head_index": null, "d_in": 4, "d_sae": 6, "activation_fn_str": "topk",
         "activation_fn_kwargs": {"k": 2}, "normalize_activations": false, "prepend_bos": true}
        """);
    assertThat(SaeLensFolder.load(folder).config()).isEqualTo(sae.config());
    saved(new Relu());
    write(
        """
        {"architecture": "standard", "model_name": "m", "hook_name": "blocks.0.hook_resid_post",
         "d_in": 4, "d_sae": 6, "activation_fn": "relu", "apply_b_dec_to_input": false,
         "normalize_activations": "expected_average_only_in", "finetuning_scaling_factor": false}
        """);
    SaeConfig config = SaeLensFolder.load(folder).config();
    assertThat(config.subtractsDecoderBias()).isFalse();
    assertThat(config.normalisation()).isEqualTo(InputNormalisation.EXPECTED_AVERAGE_ONLY_IN);
  }

  @Test
  void wrongPlaceIsRefusedByName() {
    saved(new Relu());
    assertThatThrownBy(() -> SaeLensFolder.load(folder, "gpt2", HookPoints.residPre(3), 768))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'m', not 'gpt2'")
        .hasMessageContaining("blocks.0.hook_resid_post, not blocks.3.hook_resid_pre")
        .hasMessageContaining("4, not of 768");
  }

  @Test
  void damagedFiles() throws IOException {
    saved(new Relu());
    String good = Files.readString(folder.resolve("cfg.json"));
    write(good.replace("\"standard\"", "\"crosscoder\""));
    assertThatThrownBy(() -> SaeLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("but was 'crosscoder'")
        .hasMessageContaining("cfg.json");
    write(good.replace("\"d_sae\" : 6", "\"d_sae\" : 7"));
    assertThatThrownBy(() -> SaeLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("W_enc must have shape [4, 7] but was Values[4, 6]")
        .hasMessageContaining("sae_weights.safetensors");
    write(good.replace("blocks.0.hook_resid_post", "blocks.0.hook_resid_pots"));
    assertThatThrownBy(() -> SaeLensFolder.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("hook_resid_pots")
        .hasMessageContaining("nearest");
    write(good.replace("\"none\",\n  \"reshape", "\"rms\",\n  \"reshape"));
    assertThatThrownBy(() -> SaeLensFolder.load(folder)).hasMessageContaining("but was 'rms'");
    write(good.replace("\"version\" : 1", "\"version\" : 2"));
    assertThatThrownBy(() -> SaeLensFolder.load(folder))
        .hasMessageContaining("use the release that wrote it");
    write(good.replace("\"model_name\" : \"m\",", ""));
    assertThatThrownBy(() -> SaeLensFolder.load(folder))
        .hasMessageContaining("must name the model");
    write(good);
    byte[] weights = Files.readAllBytes(folder.resolve("sae_weights.safetensors"));
    Files.write(
        folder.resolve("sae_weights.safetensors"), Arrays.copyOf(weights, weights.length - 5));
    assertThatThrownBy(() -> SaeLensFolder.load(folder)).isInstanceOf(CheckpointException.class);
    Files.delete(folder.resolve("sae_weights.safetensors"));
    assertThatThrownBy(() -> SaeLensFolder.load(folder)).isInstanceOf(CheckpointException.class);
  }

  @Test
  void transcoderWithoutAForm() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.transcoder(4, 3, 6, new TopK(2, true), true), 1);
    assertThatThrownBy(() -> SaeLensFolder.save(sae, folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but was TopK[k=2, rescaledByDecoderNorm=true] with a skip");
  }
}
