package org.alignment4j.runtime.train;

import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;

/** Emits noise into a training graph: inputs that are added or multiplied at hook points. */
final class NoiseTap implements Tap {
  static final String NEFTUNE = "neftune";

  /** Prefix of the masks at hook points. */
  static final String MASK = "dropout/";

  /** Prefix of the masks of what adapters read. */
  static final String ADAPTER_MASK = "adapter_dropout/";

  private static final String EMBEDDINGS = "hook_embed";
  private static final String BLOCKS = "blocks.";
  private static final String FIRST_BLOCK = "blocks.0.hook_resid_pre";
  private static final String ATTENTION_WEIGHTS = ".attn.hook_pattern";
  private static final String ATTENTION_OUTPUT = ".hook_attn_out";
  private static final String MLP_OUTPUT = ".hook_mlp_out";

  private final Ops ops;
  private final NoiseSites sites;

  NoiseTap(Ops ops, NoiseSites sites) {
    this.ops = ops;
    this.sites = sites;
  }

  @Override
  public boolean wants(String hook) {
    return (hook.equals(EMBEDDINGS) && sites.neftune()) || masks(hook);
  }

  private boolean masks(String hook) {
    if (hook.endsWith(ATTENTION_OUTPUT) || hook.endsWith(MLP_OUTPUT)) {
      return sites.residual();
    }
    return (hook.equals(FIRST_BLOCK) && sites.embedding())
        || (hook.endsWith(ATTENTION_WEIGHTS) && sites.attention());
  }

  @Override
  public Value at(String hook, Value value) {
    return masks(hook)
        ? masked(MASK + hook, value)
        : ops.add(value, ops.graph().parameter(NEFTUNE, value.shape(), false));
  }

  /** What the low-rank product of a weight reads. */
  Value adapterInput(String weight, Value x) {
    return sites.adapter() ? masked(ADAPTER_MASK + weight, x) : x;
  }

  private Value masked(String name, Value value) {
    return ops.mul(value, ops.graph().parameter(name, value.shape(), false));
  }

  /** Whether a mask is one of attention weights. */
  static boolean ofAttention(String mask) {
    return mask.endsWith(ATTENTION_WEIGHTS);
  }

  /** Number of the block of a mask of what attention or MLP add. */
  static int block(String mask) {
    int start = MASK.length() + BLOCKS.length();
    return Integer.parseInt(mask.substring(start, mask.indexOf('.', start)));
  }

  /** Whether a mask is that of what enters the first block. */
  static boolean ofEmbedding(String mask) {
    return mask.endsWith(FIRST_BLOCK);
  }
}
