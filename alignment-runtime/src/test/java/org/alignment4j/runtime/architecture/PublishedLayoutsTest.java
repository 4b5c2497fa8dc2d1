package org.alignment4j.runtime.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.GptFamilies;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names under which checkpoints of one family have been published. */
class PublishedLayoutsTest {

  private static final Map<String, Object> PYTHIA =
      Map.of(
          "model_type", "gpt_neox",
          "vocab_size", 20,
          "hidden_size", 16,
          "num_attention_heads", 2,
          "num_hidden_layers", 2,
          "intermediate_size", 24,
          "max_position_embeddings", 8);

  private static final Map<String, Object> GPT2 =
      Map.of(
          "model_type", "gpt2",
          "vocab_size", 20,
          "n_embd", 16,
          "n_head", 2,
          "n_layer", 2,
          "n_positions", 8);

  private static ConfigJson config(String name) {
    return switch (name) {
      case "pythia" -> ConfigJson.of("config.json", PYTHIA);
      case "gpt2" -> ConfigJson.of("config.json", GPT2);
      default -> GptFamilies.config(name);
    };
  }

  private static Weights weights(String name) {
    return InitialWeights.create(DecoderFamilies.read(config(name), null, Set.of()), 3);
  }

  /** The bare model's class saves the same tensors without the prefix. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt2 | transformer.",
        "pythia | gpt_neox.",
        "gptj, whole head, tied | transformer.",
        "gpt_neo, alternating | transformer.",
        "opt, narrow embeddings | model.",
        "bloom, three heads | transformer."
      })
  void withoutPrefix(String name, String prefix) {
    List<WeightTensor> bare = new ArrayList<>();
    for (WeightTensor t : weights(name).tensors()) {
      String own = t.name().startsWith(prefix) ? t.name().substring(prefix.length()) : t.name();
      bare.add(new WeightTensor(own, t.shape(), t.data()));
    }
    Weights saved = Weights.of(bare);
    Architecture architecture = DecoderFamilies.read(config(name), null, saved.names());

    assertThat(saved.names()).noneMatch(n -> n.startsWith(prefix));
    assertThat(architecture.adopt(saved).names()).containsExactlyElementsOf(saved.names());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pythia | gpt_neox.layers.1.attention.bias gpt_neox.layers.1.attention.masked_bias"
            + " gpt_neox.layers.1.attention.rotary_emb.inv_freq",
        "gpt2 | transformer.h.1.attn.bias transformer.h.1.attn.masked_bias",
        "gptj, whole head, tied | transformer.h.1.attn.bias transformer.h.1.attn.masked_bias",
        "gpt_neo, alternating | transformer.h.1.attn.attention.bias"
            + " transformer.h.1.attn.attention.masked_bias",
        "opt, norms before | model.decoder.version"
      })
  void buffersAreDroppedAndOthersRefused(String name, String buffers) {
    Weights parameters = weights(name);
    Weights old = parameters;
    for (String buffer : buffers.split(" ")) {
      old = old.with(WeightTensor.of(buffer, new long[] {1}, new float[1]));
    }
    Architecture architecture = DecoderFamilies.read(config(name), null, old.names());

    assertThat(architecture.adopt(old).names()).containsExactlyElementsOf(parameters.names());
    Weights strange = old.with(WeightTensor.of("h.9.scale", new long[] {1}, new float[1]));
    assertThatThrownBy(() -> architecture.adopt(strange))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("h.9.scale");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gptj, whole head, tied",
        "gpt_neo, alternating",
        "opt, norms before",
        "opt, narrow embeddings",
        "bloom, three heads"
      })
  void tiedHeadsMayBeWrittenOnceMore(String name) {
    Weights parameters = weights(name);
    Architecture architecture = DecoderFamilies.read(config(name), null, parameters.names());
    WeightTensor table = parameters.get(architecture.names().tokenEmbedding());
    Weights twice =
        parameters.with(new WeightTensor("lm_head.weight", table.shape(), table.data()));

    assertThat(architecture.names().head()).isEqualTo(table.name());
    assertThat(architecture.adopt(twice).names()).containsExactlyElementsOf(parameters.names());
    Weights other =
        parameters.with(WeightTensor.of("lm_head.weight", table.shape(), new float[table.size()]));
    assertThatThrownBy(() -> architecture.adopt(other))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tie_word_embeddings is true but 'lm_head.weight' differs");
  }
}
