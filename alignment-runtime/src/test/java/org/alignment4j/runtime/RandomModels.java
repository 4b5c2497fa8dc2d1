package org.alignment4j.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/** Small models of any size with random weights, biases included. */
final class RandomModels {

  private RandomModels() {}

  /** A GPT-2 of three layers or fewer. */
  static Map<String, Object> gpt2(int vocab, int width, int heads, int layers, int context) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "gpt2");
    keys.put("vocab_size", vocab);
    keys.put("n_embd", width);
    keys.put("n_head", heads);
    keys.put("n_layer", layers);
    keys.put("n_positions", context);
    return keys;
  }

  /** A Llama with half as many key and value heads as query heads. */
  static Map<String, Object> llama(
      int vocab, int width, int heads, int layers, int inner, int context) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "llama");
    keys.put("vocab_size", vocab);
    keys.put("hidden_size", width);
    keys.put("num_attention_heads", heads);
    keys.put("num_key_value_heads", heads / 2);
    keys.put("num_hidden_layers", layers);
    keys.put("intermediate_size", inner);
    keys.put("max_position_embeddings", context);
    return keys;
  }

  static ConfigJson config(Map<String, Object> keys) {
    return ConfigJson.of("config.json", keys);
  }

  /** Normal numbers of a deviation, around 1 for the gains of norms and 0 for everything else. */
  static Weights weights(ConfigJson config, double deviation) {
    Random random = new Random(11);
    List<WeightTensor> tensors = new ArrayList<>();
    for (Parameter parameter : DecoderFamilies.read(config, null, Set.of()).parameters()) {
      float[] values = new float[Math.toIntExact(parameter.size())];
      float mean = parameter.role() == Parameter.Role.NORM_WEIGHT ? 1 : 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = mean + (float) (deviation * random.nextGaussian());
      }
      tensors.add(WeightTensor.of(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(tensors);
  }
}
