package org.alignment4j.runtime.architecture;

import java.util.List;

/** TransformerLens names of hook points. */
final class HookNames {

  static final String EMBED = "hook_embed";
  static final String POS_EMBED = "hook_pos_embed";
  static final String LN_FINAL = "ln_final";
  static final String UNEMBED_IN = "unembed.hook_in";
  static final String UNEMBED_OUT = "unembed.hook_out";

  /** The points between the last block and the logits. */
  static final List<String> BEFORE_HEAD =
      List.of(scale(LN_FINAL), normalized(LN_FINAL), UNEMBED_IN);

  private HookNames() {}

  static String block(int layer, String name) {
    return "blocks." + layer + "." + name;
  }

  static String scale(String norm) {
    return norm + ".hook_scale";
  }

  static String normalized(String norm) {
    return norm + ".hook_normalized";
  }
}
