package org.alignment4j.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.params.provider.Arguments;

/** Small random models of every supported family. */
final class ExportedFamilies {

  private ExportedFamilies() {}

  /** A name, the configuration and the weights. */
  static Stream<Arguments> cases() {
    Stream<Arguments> rotary =
        RotaryFamilies.configurations()
            .map(
                a -> {
                  @SuppressWarnings("unchecked")
                  Map<String, Object> keys = (Map<String, Object>) a.get()[1];
                  ConfigJson config = RandomModels.config(keys);
                  return Arguments.of(a.get()[0], config, RotaryFamilies.weights(config, 0.25));
                });
    Stream<Arguments> gpt =
        GptFamilies.names().stream()
            .map(n -> Arguments.of(n, GptFamilies.config(n), GptFamilies.weights(n)));
    return Stream.of(rotary, gpt, older()).flatMap(s -> s);
  }

  private static Stream<Arguments> older() {
    Map<String, Object> gpt2 = RandomModels.gpt2(43, 32, 4, 2, 64);
    Map<String, Object> inverse = new LinkedHashMap<>(gpt2);
    inverse.put("scale_attn_by_inverse_layer_idx", true);
    Map<String, Object> neox = new LinkedHashMap<>();
    neox.put("model_type", "gpt_neox");
    neox.put("vocab_size", 43);
    neox.put("hidden_size", 32);
    neox.put("num_attention_heads", 4);
    neox.put("num_hidden_layers", 2);
    neox.put("intermediate_size", 40);
    neox.put("max_position_embeddings", 64);
    neox.put("rotary_pct", 0.5);
    Map<String, Object> sequential = new LinkedHashMap<>(neox);
    sequential.put("use_parallel_residual", false);
    sequential.put("rotary_pct", 1.0);
    return Stream.of(
            Map.entry("gpt2", gpt2),
            Map.entry("gpt2, scaled by layer", inverse),
            Map.entry("gpt_neox", neox),
            Map.entry("gpt_neox, sequential", sequential))
        .map(
            e -> {
              ConfigJson config = RandomModels.config(e.getValue());
              Weights weights = RandomModels.weights(config, 0.2);
              return Arguments.of(e.getKey(), config, weights);
            });
  }

  /** The family of every case. */
  static List<String> families() {
    return cases().map(a -> ((ConfigJson) a.get()[1]).string("model_type")).distinct().toList();
  }
}
