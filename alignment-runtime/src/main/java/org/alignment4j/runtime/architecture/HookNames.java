package org.alignment4j.runtime.architecture;

/** TransformerLens names of hook points. */
final class HookNames {

  static final String EMBED = "hook_embed";
  static final String POS_EMBED = "hook_pos_embed";
  static final String LN_FINAL = "ln_final";
  static final String UNEMBED_IN = "unembed.hook_in";
  static final String UNEMBED_OUT = "unembed.hook_out";

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
