package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run is told by, so that another one is not taken for it. */
class RunDescriptionTest {

  private static Architecture llama(Map<String, Object> changes) {
    Map<String, Object> keys =
        new HashMap<>(
            Map.of(
                "model_type", "llama",
                "vocab_size", 20,
                "hidden_size", 8,
                "num_attention_heads", 2,
                "num_hidden_layers", 1,
                "intermediate_size", 12,
                "max_position_embeddings", 16));
    keys.putAll(changes);
    return DecoderFamilies.read(ConfigJson.of("config.json", keys), null, Set.of());
  }

  private static Map<String, String> of(Architecture architecture) {
    MicroBatchSource source =
        new MicroBatchSource() {
          @Override
          public long steps() {
            return 3;
          }

          @Override
          public List<MicroBatch> at(long step) {
            return List.of();
          }

          @Override
          public Map<String, String> description() {
            return Map.of();
          }
        };
    return RunDescription.of(
        "sft",
        architecture,
        Trainable.all(InitialWeights.create(architecture, 1)),
        new MeanLoss(),
        source,
        TrainingOptions.of(LearningRateSchedule.constant(1e-3)));
  }

  /** The weights are the same, but what is computed with them is not. */
  @ParameterizedTest
  @CsvSource({"rope_theta, 50", "rms_norm_eps, 0.5", "max_position_embeddings, 32"})
  void anotherConfigurationOfTheSameWeightsIsAnotherRun(String key, double value) {
    Map<String, String> run = of(llama(Map.of()));
    assertThat(of(llama(Map.of()))).isEqualTo(run);
    Object number = key.startsWith("max") ? (Object) (int) value : (Object) value;

    Map<String, String> other = of(llama(Map.of(key, number)));

    assertThat(other.get("weights")).isEqualTo(run.get("weights"));
    assertThat(other).isNotEqualTo(run);
  }
}
