package org.alignment4j.runtime.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final Architecture TIED = LlamaConfigs.create(20, 8, 2, 2, 1, 12, 16, 1, 2);

  private final Weights weights = InitialWeights.create(TIED, 1);

  @Test
  void acceptsItsOwnParameters() {
    assertThat(TIED.adopt(weights).contentHash()).isEqualTo(weights.contentHash());
  }

  @Test
  void namesMissingParameters() {
    Weights incomplete = without("model.layers.1.mlp.down_proj.weight");

    refuses(TIED, incomplete, "lacks model.layers.1.mlp.down_proj.weight", "incomplete");
  }

  @Test
  void namesMissingHead() {
    Architecture untied = untied();

    refuses(untied, weights, "lacks lm_head.weight", "set tie_word_embeddings to true");
  }

  @Test
  void namesWrongShapes() {
    Weights wrong =
        weights.with(WeightTensor.of("model.norm.weight", new long[] {9}, new float[9]));

    refuses(TIED, wrong, "'model.norm.weight' expected [8], found [9]", "use the config.json");
  }

  @Test
  void namesParametersItDoesNotKnow() {
    Weights more =
        weights.with(
            WeightTensor.of(
                "model.layers.0.self_attn.q_norm.weight", new long[] {4}, new float[4]));

    refuses(TIED, more, "also holds model.layers.0.self_attn.q_norm.weight");
  }

  @Test
  void dropsHeadThatRepeatsTheEmbedding() {
    WeightTensor embedding = weights.get("model.embed_tokens.weight");
    Weights repeated =
        weights.with(new WeightTensor("lm_head.weight", embedding.shape(), embedding.data()));

    assertThat(TIED.adopt(repeated).names()).doesNotContain("lm_head.weight");
  }

  @Test
  void refusesTiedHeadThatDiffers() {
    Weights other =
        weights.with(WeightTensor.of("lm_head.weight", new long[] {20, 8}, new float[160]));

    refuses(TIED, other, "tie_word_embeddings is true but 'lm_head.weight' differs");
  }

  @Test
  void usesHeadOfItsOwn() {
    Weights more =
        weights.with(WeightTensor.of("lm_head.weight", new long[] {20, 8}, new float[160]));

    assertThat(untied().adopt(more).names()).contains("lm_head.weight");
  }

  @Test
  void readsGpt2WithoutPrefixAndDropsItsBuffers() {
    ConfigJson config =
        ConfigJson.parse(
            "config.json",
            "{\"model_type\":\"gpt2\",\"vocab_size\":20,\"n_embd\":8,\"n_layer\":1,"
                + "\"n_head\":2,\"n_positions\":4}");
    Architecture bare = DecoderFamilies.read(config, null, Set.of("wte.weight"));
    Weights parameters = InitialWeights.create(bare, 1);
    Weights old =
        parameters
            .with(WeightTensor.of("h.0.attn.bias", new long[] {1, 1, 2, 2}, new float[4]))
            .with(WeightTensor.of("h.0.attn.masked_bias", new long[0], new float[1]));

    assertThat(bare.names().tokenEmbedding()).isEqualTo("wte.weight");
    assertThat(bare.names().weight(0, ParameterNames.Part.QKV)).isEqualTo("h.0.attn.c_attn.weight");
    assertThat(bare.adopt(old).names()).containsExactlyElementsOf(parameters.names());
    assertThat(DecoderFamilies.read(config, null, Set.of()).names().tokenEmbedding())
        .isEqualTo("transformer.wte.weight");
  }

  @Test
  void dropsBuffersOfRotaryModels() {
    Weights old =
        weights
            .with(
                WeightTensor.of(
                    "model.layers.0.self_attn.rotary_emb.inv_freq", new long[] {2}, new float[2]))
            .with(
                WeightTensor.of(
                    "gpt_neox.layers.0.attention.masked_bias", new long[0], new float[1]));

    assertThat(TIED.adopt(old).names()).hasSameElementsAs(weights.names());
  }

  private Weights without(String name) {
    List<WeightTensor> kept = new ArrayList<>(weights.tensors());
    kept.removeIf(t -> t.name().equals(name));
    return Weights.of(kept);
  }

  private static Architecture untied() {
    String json = LlamaConfigs.json(TIED.config()).text();
    ConfigJson changed =
        ConfigJson.parse(
            "config.json",
            json.replace("\"tie_word_embeddings\" : true", "\"tie_word_embeddings\" : false"));
    return DecoderFamilies.read(changed, null, Set.of());
  }

  private static void refuses(Architecture architecture, Weights weights, String... parts) {
    assertThatThrownBy(() -> architecture.adopt(weights))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void anArchitecturesTextIsTheSameInEveryProcess() {
    DecoderConfig config = LlamaConfigs.create(120, 32, 2, 4, 2, 64, 48, 1, 2).config();
    String text = Architecture.of(config).toString();
    int last = -1;
    for (ParameterNames.Part part :
        List.of(
            ParameterNames.Part.ATTENTION_NORM,
            ParameterNames.Part.QUERY,
            ParameterNames.Part.KEY,
            ParameterNames.Part.VALUE,
            ParameterNames.Part.OUTPUT,
            ParameterNames.Part.MLP_NORM,
            ParameterNames.Part.GATE,
            ParameterNames.Part.UP,
            ParameterNames.Part.DOWN)) {
      int at = text.indexOf(part + "=");
      assertThat(at).as(text).isGreaterThan(last);
      last = at;
    }
  }
}
