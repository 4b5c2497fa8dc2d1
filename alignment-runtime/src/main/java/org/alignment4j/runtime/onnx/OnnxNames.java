package org.alignment4j.runtime.onnx;

import java.util.List;

/** The names by which Optimum's exports are fed and read. */
final class OnnxNames {

  static final String INPUT_IDS = "input_ids";
  static final String ATTENTION_MASK = "attention_mask";
  static final String POSITION_IDS = "position_ids";
  static final String TOKEN_TYPE_IDS = "token_type_ids";
  static final String USE_CACHE_BRANCH = "use_cache_branch";
  static final String LOGITS = "logits";

  /** The inputs of decoders beside keys and values. */
  static final List<String> MODEL_INPUTS =
      List.of(INPUT_IDS, ATTENTION_MASK, POSITION_IDS, TOKEN_TYPE_IDS, USE_CACHE_BRANCH);

  private OnnxNames() {}

  static String pastKey(int layer) {
    return "past_key_values." + layer + ".key";
  }

  static String pastValue(int layer) {
    return "past_key_values." + layer + ".value";
  }

  static String presentKey(int layer) {
    return "present." + layer + ".key";
  }

  static String presentValue(int layer) {
    return "present." + layer + ".value";
  }
}
