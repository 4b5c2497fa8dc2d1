package org.alignment4j.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * A shape of decoder that a folder can hold, with random weights.
 *
 * @param name what tables call it
 * @param config what its {@code config.json} says
 */
record DecoderShape(String name, ConfigJson config) {

  private static final String QWEN = "QWEN";
  private static final int SEED = 1;

  /** {@code S}, {@code M} (GPT-2 small) or {@code QWEN} (Qwen2.5-0.5B). */
  static DecoderShape parse(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "S" -> of(GptShape.small());
      case "M" -> of(GptShape.medium());
      case QWEN -> new DecoderShape(QWEN, QwenPair.config());
      default -> throw new IllegalArgumentException("A shape is S, M or QWEN; got '" + name + "'.");
    };
  }

  /** A shape of GPT-2 form. */
  static DecoderShape of(GptShape shape) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "gpt2");
    keys.put("vocab_size", shape.vocab());
    keys.put("n_embd", shape.width());
    keys.put("n_head", shape.heads());
    keys.put("n_layer", shape.layers());
    keys.put("n_positions", shape.architecture().config().maxPositions());
    return new DecoderShape(shape.name(), ConfigJson.of("config.json", keys));
  }

  Architecture architecture() {
    return DecoderFamilies.read(config, null, Set.of());
  }

  int vocab() {
    return architecture().config().vocabSize();
  }

  Weights weights() {
    Architecture architecture = architecture();
    return name.equals(QWEN)
        ? QwenPair.weights(architecture, SEED)
        : InitialWeights.create(architecture, SEED);
  }

  DecoderModel model(ModelOptions options) {
    return DecoderModel.of(config, weights(), null, options);
  }

  void write(Path folder, DType type) {
    CheckpointWriter.save(folder, config, null, weights(), type, null);
  }

  /** Random tokens of its vocabulary. */
  int[] tokens(int count, int seed) {
    return new SplittableRandom(seed).ints(count, 0, vocab()).toArray();
  }
}
