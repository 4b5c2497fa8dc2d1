package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.DevicePolicy;

/** Models that need no file of another project. */
public final class TestModels {

  private TestModels() {}

  /**
   * The pocket model, with tokenizer and a context of 256 tokens.
   *
   * @param folder takes its files
   */
  public static DecoderModel pocket(Path folder) {
    return DecoderModel.load(PocketModel.copyTo(folder));
  }

  /**
   * Configuration of a model of two heads.
   *
   * @param family {@code gpt2} or {@code llama}; the latter with a key-value head for both heads
   */
  public static ConfigJson config(String family, int vocab, int hidden, int layers, int context) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model_type", family);
    values.put("vocab_size", vocab);
    if (family.equals("gpt2")) {
      values.put("n_embd", hidden);
      values.put("n_head", 2);
      values.put("n_layer", layers);
      values.put("n_positions", context);
    } else {
      values.put("hidden_size", hidden);
      values.put("num_attention_heads", 2);
      values.put("num_key_value_heads", 1);
      values.put("num_hidden_layers", layers);
      values.put("intermediate_size", hidden + 8);
      values.put("max_position_embeddings", context);
    }
    return ConfigJson.of("config.json", values);
  }

  /** Normal weights, large enough for log-probabilities far from uniform. */
  public static Weights weights(ConfigJson config, double deviation) {
    return weights(config, deviation, 11);
  }

  /** Normal weights of a seed. */
  public static Weights weights(ConfigJson config, double deviation, long seed) {
    Random random = new Random(seed);
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

  /** A model without tokenizer, on the processor. */
  public static DecoderModel of(ConfigJson config, Weights weights) {
    return DecoderModel.of(config, weights, null, ModelOptions.defaults().device(DevicePolicy.CPU));
  }
}
