package org.alignment4j.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.runtime.Quantisation.Scope;
import org.alignment4j.runtime.checkpoint.ConfigJson;

/** A small random model of every family, and the ways to quantise it. */
public final class QuantisedFamilies {

  private QuantisedFamilies() {}

  /** Configurations by name; sizes are no multiples of a block. */
  static Map<String, Map<String, Object>> configurations() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    all.put("gpt2", RandomModels.gpt2(61, 48, 3, 2, 64));
    Map<String, Object> neox = new LinkedHashMap<>();
    neox.put("model_type", "gpt_neox");
    neox.put("vocab_size", 61);
    neox.put("hidden_size", 48);
    neox.put("num_attention_heads", 3);
    neox.put("num_hidden_layers", 2);
    neox.put("intermediate_size", 70);
    neox.put("max_position_embeddings", 64);
    all.put("gpt_neox", neox);
    GptFamilies.names().forEach(name -> all.put(name, GptFamilies.keys(name)));
    RotaryFamilies.configurations()
        .forEach(
            arguments -> {
              @SuppressWarnings("unchecked")
              Map<String, Object> keys = (Map<String, Object>) arguments.get()[1];
              all.put((String) arguments.get()[0], keys);
            });
    return all;
  }

  /** Names of the configurations. */
  public static List<String> names() {
    return List.copyOf(configurations().keySet());
  }

  /** Both widths, embeddings included; without them too for two families. */
  static List<Quantisation> quantisations(String name) {
    List<Quantisation> all = new ArrayList<>();
    for (Scope scope : Scope.values()) {
      if (scope == Scope.BLOCKS && !name.matches("gpt2|gpt_neox")) {
        continue;
      }
      all.add(Quantisation.int4(32).scope(scope));
      all.add(Quantisation.int8(scope == Scope.BLOCKS ? 32 : 64).scope(scope));
    }
    return all;
  }

  /** A model of random weights on the CPU. */
  public static DecoderModel model(String name) {
    ConfigJson config = RandomModels.config(keys(name));
    return DecoderModel.of(config, RotaryFamilies.weights(config, 0.25), null, TestModels.CPU);
  }

  static Map<String, Object> keys(String name) {
    return Objects.requireNonNull(configurations().get(name));
  }
}
