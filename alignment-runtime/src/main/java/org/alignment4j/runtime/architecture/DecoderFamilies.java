package org.alignment4j.runtime.architecture;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Every supported decoder family: {@code bloom}, {@code gemma}, {@code gemma2}, {@code gpt2},
 * {@code gpt_neo}, {@code gpt_neox}, {@code gptj}, {@code llama}, {@code mistral}, {@code mixtral},
 * {@code olmo2}, {@code opt}, {@code phi3}, {@code qwen2}, {@code qwen3}.
 */
public final class DecoderFamilies {

  private static final List<DecoderFamily> ALL =
      List.of(
          new BloomFamily(),
          new GemmaFamily(false),
          new GemmaFamily(true),
          new Gpt2Family(),
          new GptNeoFamily(),
          new GptNeoXFamily(),
          new GptJFamily(),
          new LlamaFamily(LlamaFamily.Kind.LLAMA),
          new LlamaFamily(LlamaFamily.Kind.MISTRAL),
          new LlamaFamily(LlamaFamily.Kind.MIXTRAL),
          new Olmo2Family(),
          new OptFamily(),
          new Phi3Family(),
          new LlamaFamily(LlamaFamily.Kind.QWEN2),
          new LlamaFamily(LlamaFamily.Kind.QWEN3));

  /** What families call the number of their layers. */
  private static final List<String> LAYERS = List.of("num_hidden_layers", "n_layer", "num_layers");

  /** Far above any model, so that a damaged number is told before lists of its length are made. */
  private static final int MAX_LAYERS = 10_000;

  private DecoderFamilies() {}

  /** Every supported {@code model_type}. */
  public static List<String> modelTypes() {
    return ALL.stream().map(DecoderFamily::modelType).toList();
  }

  /**
   * Reads the architecture of a checkpoint from its configuration and its tensors' names.
   *
   * @throws CheckpointException if the family, or something the configuration asks for, is not
   *     supported
   */
  public static Architecture read(CheckpointFolder folder) {
    return read(folder.config(), folder.generationConfig(), folder.tensorNames());
  }

  /**
   * Reads an architecture from its configuration.
   *
   * @param config content of {@code config.json}
   * @param generation content of {@code generation_config.json}, or null
   * @param tensorNames names of the checkpoint's tensors; empty for a new model
   * @throws CheckpointException if the family, or something the configuration asks for, is not
   *     supported
   */
  public static Architecture read(
      ConfigJson config, @Nullable ConfigJson generation, Set<String> tensorNames) {
    String modelType = config.string("model_type");
    if (modelType == null) {
      throw config.error("model_type", "model_type must be given but is absent");
    }
    DecoderFamily family = find(modelType);
    if (family == null) {
      throw config.error("model_type", unsupported(modelType));
    }
    for (String key : LAYERS) {
      if (config.has(key) && config.size(key, 0) > MAX_LAYERS) {
        throw config.error(
            key, key + " must be at most " + MAX_LAYERS + " but was " + config.integer(key));
      }
    }
    DecoderConfig decoder = family.parse(config, generation);
    ForeignKeys.refuse(config, family, decoder);
    return new Architecture(
        decoder, family.names(decoder, tensorNames), OutputHeads.read(config, tensorNames));
  }

  /**
   * The {@code config.json} of a sequence classifier with the same decoder, as Hugging Face writes
   * it.
   *
   * @param config content of the decoder's {@code config.json}
   * @param labels scores of a sequence
   * @throws CheckpointException if the family is not supported
   */
  public static ConfigJson classification(ConfigJson config, int labels) {
    String modelType = String.valueOf(config.string("model_type"));
    return OutputHeads.classification(config, of(modelType).classPrefix(), labels);
  }

  /**
   * The family of a {@code model_type}.
   *
   * @throws CheckpointException if it is not supported
   */
  static DecoderFamily of(String modelType) {
    DecoderFamily family = find(modelType);
    if (family == null) {
      throw new CheckpointException(unsupported(modelType));
    }
    return family;
  }

  private static @Nullable DecoderFamily find(String modelType) {
    return ALL.stream().filter(f -> f.modelType().equals(modelType)).findFirst().orElse(null);
  }

  private static String unsupported(String modelType) {
    return "model_type must be one of "
        + String.join(", ", modelTypes())
        + " but was '"
        + modelType
        + "', which is not supported";
  }
}
