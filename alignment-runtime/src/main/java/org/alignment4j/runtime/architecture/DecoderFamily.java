package org.alignment4j.runtime.architecture;

import java.util.Set;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/** A family of decoders: how one {@code model_type} describes itself and names its parameters. */
sealed interface DecoderFamily
    permits BloomFamily,
        GemmaFamily,
        Gpt2Family,
        GptJFamily,
        GptNeoFamily,
        GptNeoXFamily,
        LlamaFamily,
        Olmo2Family,
        OptFamily,
        Phi3Family {

  /** The {@code model_type} of the family's {@code config.json}. */
  String modelType();

  /** What Hugging Face's classes of the family begin with, such as {@code Llama}. */
  String classPrefix();

  /**
   * Reads a configuration, with Hugging Face's defaults for absent keys.
   *
   * @param config content of {@code config.json}
   * @param generation content of {@code generation_config.json}, if there is one
   * @throws org.alignment4j.api.CheckpointException if a key is missing, broken, or asks for
   *     something that is not supported
   */
  DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation);

  /**
   * The parameters' names, as save_pretrained of the bare or of the language-model class wrote
   * them.
   *
   * @param config the parsed configuration
   * @param present names of the checkpoint's tensors; empty for a new model
   */
  ParameterNames names(DecoderConfig config, Set<String> present);

  /** The prefix, or nothing where the checkpoint holds the bare model without it. */
  static String prefix(String prefix, String embedding, Set<String> present) {
    boolean bare =
        !present.contains(prefix + embedding + ".weight")
            && present.contains(embedding + ".weight");
    return bare ? "" : prefix;
  }
}
