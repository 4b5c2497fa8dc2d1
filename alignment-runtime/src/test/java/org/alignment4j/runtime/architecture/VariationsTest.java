package org.alignment4j.runtime.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;

class VariationsTest {

  private static ConfigJson config(String family) {
    return ConfigJson.of(
        "config.json",
        Map.of(
            "model_type", family,
            "vocab_size", 20,
            "hidden_size", 16,
            "num_hidden_layers", 2,
            "num_attention_heads", 2,
            "num_key_value_heads", 1,
            "head_dim", 8,
            "intermediate_size", 12));
  }

  private static Architecture architecture(ConfigJson config) {
    return DecoderFamilies.read(config, null, Set.of());
  }

  @Test
  void newNormsMultiplyByOne() {
    for (String family : List.of("llama", "gemma", "gemma2")) {
      Architecture architecture = architecture(config(family));
      Weights weights = InitialWeights.create(architecture, 3);
      float gain = weights.get(architecture.names().finalNormWeight()).data().get(5);
      assertThat(gain).as(family).isEqualTo(family.equals("llama") ? 1 : 0);
    }
  }

  @Test
  void onlyPlainDecodersAreInLlamaForm() {
    assertThat(LlamaConfigs.json(architecture(config("llama")).config()).string("model_type"))
        .isEqualTo("llama");
    for (String family : List.of("mistral", "qwen3", "gemma", "gemma2", "olmo2", "mixtral")) {
      assertThatThrownBy(() -> LlamaConfigs.json(architecture(config(family)).config()))
          .as(family)
          .hasMessageContaining("must be in Llama form");
    }
    ConfigJson scaled =
        config("llama").with("rope_scaling", Map.of("type", "linear", "factor", 2.0));
    assertThatThrownBy(() -> LlamaConfigs.json(architecture(scaled).config()))
        .hasMessageContaining("must be in Llama form");
  }

  @Test
  void refusesNumbersOutOfRange() {
    Variations none = Variations.none();
    assertThatThrownBy(() -> none.logitCap(-1)).hasMessageContaining("logitCap must be finite");
    assertThatThrownBy(() -> none.scoreCap(Double.NaN)).hasMessageContaining("scoreCap");
    assertThatThrownBy(() -> none.embeddingScale(0)).hasMessageContaining("embeddingScale");
    assertThatThrownBy(() -> none.windows(List.of(3, -1))).hasMessageContaining("windows");
    assertThatThrownBy(() -> new Variations.Experts(2, 3)).hasMessageContaining("perToken");
  }

  private static DecoderConfig with(Variations variations, DecoderOptions options) {
    DecoderConfig c = architecture(config("llama")).config();
    return new DecoderConfig(
        c.modelType(),
        c.vocabSize(),
        c.hiddenSize(),
        c.layers(),
        c.heads(),
        c.kvHeads(),
        c.headDim(),
        c.intermediateSize(),
        c.maxPositions(),
        c.norm(),
        c.normEpsilon(),
        c.activation(),
        c.gatedMlp(),
        c.positions(),
        c.parallelResidual(),
        c.qkv(),
        c.linear(),
        c.qkvBias(),
        c.outputBias(),
        c.mlpBias(),
        c.tiedEmbeddings(),
        c.attentionScale(),
        c.scaleByInverseLayer(),
        c.bosTokenId(),
        c.eosTokenIds(),
        c.padTokenId(),
        variations,
        options);
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    Variations none = Variations.none();
    DecoderOptions usual = DecoderOptions.usual();

    assertThat(with(none.logitCap(30), usual).variations().logitCap()).isEqualTo(30);
    assertThatThrownBy(() -> with(none.logitCap(30), usual.headBias(true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logitCap must be 0 where the output head carries a bias but was 30");
    assertThatThrownBy(() -> with(none.windows(List.of(3)), usual))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("windows must be one for each of 2 layers but were [3]");
    assertThatThrownBy(() -> with(none.normPlacement(Variations.NormPlacement.SHARED), usual))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("normPlacement must not be SHARED");
  }
}
