package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;

/** The logits that reference cases are compared with. */
class ForwardLogitsTest {

  private static final int VOCABULARY = 40;
  private static final int TRAINED_LENGTH = 16;

  private static DecoderModel model(Map<String, Object> ropeScaling) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "llama");
    keys.put("vocab_size", VOCABULARY);
    keys.put("hidden_size", 32);
    keys.put("num_attention_heads", 4);
    keys.put("num_key_value_heads", 2);
    keys.put("num_hidden_layers", 2);
    keys.put("intermediate_size", 48);
    keys.put("max_position_embeddings", TRAINED_LENGTH);
    keys.put("rope_scaling", ropeScaling);
    ConfigJson config = ConfigJson.of("config.json", keys);
    return DecoderModel.of(
        config,
        InitialWeights.create(DecoderFamilies.read(config, null, Set.of()), 3),
        null,
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  @Test
  void frequenciesMayDependOnTheLengthOfTheSequence() {
    try (DecoderModel model = model(Map.of("type", "dynamic", "factor", 2.0))) {
      for (int length : new int[] {TRAINED_LENGTH / 2, TRAINED_LENGTH + 9}) {
        int[] tokens = IntStream.range(0, length).map(t -> (7 * t + 3) % VOCABULARY).toArray();
        double[] found = new ForwardLogits(model).of(tokens);
        ForwardResult expected = model.forward(TokenIds.of(tokens)).execute();
        for (int t = 0; t < length; t++) {
          float[] row = expected.logits(0, t);
          for (int v = 0; v < VOCABULARY; v++) {
            assertThat(found[t * VOCABULARY + v]).isCloseTo(row[v], within(1e-5));
          }
        }
      }
    }
  }
}
