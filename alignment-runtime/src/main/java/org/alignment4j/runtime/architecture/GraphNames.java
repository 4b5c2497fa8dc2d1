package org.alignment4j.runtime.architecture;

/** Names of the inputs and outputs of a decoder graph that are not parameters. */
public final class GraphNames {

  /** Token ids, int64 {@code [batch, seq]}. */
  public static final String TOKENS = "tokens";

  /** Residual stream before the first block of a run, {@code [batch, seq, dModel]}. */
  public static final String STREAM = "stream";

  /** Absolute positions, int64 {@code [batch, seq]}. */
  public static final String POSITIONS = "positions";

  /**
   * Additive attention mask, {@code [batch, 1, seq, keys]}: 0 where attended, −1e9 where not. After
   * a cached prefix it is of each row's own tokens, {@code [rows, 1, own, own]}.
   */
  public static final String MASK = "mask";

  /**
   * Positions of cached keys followed by this run's, int64 {@code [batch, keys]}; only over a cache
   * and where attention depends on distances, as with windows and linear biases.
   */
  public static final String KEY_POSITIONS = "key_positions";

  /** Which prefix each continuation follows, int64 {@code [continuations]}. */
  public static final String OWNERS = "prefix_owners";

  /** The same as zeros and ones, {@code [prefixes, continuations]}. */
  public static final String MEMBERS = "prefix_members";

  /** Columns of all prefixes and of all continuations, int64 {@code [2]}. */
  public static final String PART_SIZES = "part_sizes";

  /** Columns of one prefix and of one continuation or row after it, int64 {@code [2]}. */
  public static final String KEY_SIZES = "key_sizes";

  /** Additive mask within prefixes, {@code [prefixes, 1, prefix, prefix]}. */
  public static final String PREFIX_MASK = "prefix_mask";

  /**
   * Additive mask of continuations over their prefix followed by themselves, {@code [continuations,
   * 1, continuation, prefix + continuation]}.
   */
  public static final String CONTINUATION_MASK = "continuation_mask";

  /** Positions within prefixes, int64 {@code [prefixes, prefix]}; only with distances. */
  public static final String PREFIX_POSITIONS = "prefix_positions";

  /** Positions within continuations, int64; only where attention depends on distances. */
  public static final String CONTINUATION_POSITIONS = "continuation_positions";

  /** Rotary tables, {@code [at least the longest row and position, rotaryDim/2]}. */
  public static final String ROPE_COS = "rope_cos";

  public static final String ROPE_SIN = "rope_sin";

  /**
   * Row of the rotary tables by which each token turns, int64 {@code [batch, seq]}; only where
   * frequencies depend on the length of the sequence. Otherwise it is the position.
   */
  public static final String ROPE_INDICES = "rope_indices";

  /** Last valid key of each row, int32 {@code [batch]}; grouped-query attention only. */
  public static final String LAST_KEY = "last_key";

  /** Longest row including this run, int32 scalar; grouped-query attention only. */
  public static final String TOTAL_LENGTH = "total_length";

  /** Rows of the flattened {@code [batch·seq]} that reach the head, int64 {@code [rows]}. */
  public static final String ROWS = "rows";

  /** For each flattened position the head rows that read it, int64 {@code [uses, batch·seq]}. */
  public static final String ROWS_INVERSE = "rows_inverse";

  /** Token each head row is to predict, int64 {@code [rows]}. */
  public static final String LABELS = "labels";

  private GraphNames() {}

  /** Cached keys of a block, {@code [batch, kvHeads, past, headDim]}. */
  public static String pastKey(int layer) {
    return "past_key." + layer;
  }

  /** Cached values of a block. */
  public static String pastValue(int layer) {
    return "past_value." + layer;
  }

  /** Keys of a block including this run's. */
  public static String presentKey(int layer) {
    return "present_key." + layer;
  }

  /** Values of a block including this run's. */
  public static String presentValue(int layer) {
    return "present_value." + layer;
  }

  /** LoRA's down projection {@code [rank, in]} of a linear weight. */
  public static String loraA(String weight) {
    return weight + ".lora_A";
  }

  /** LoRA's up projection {@code [out, rank]} of a linear weight. */
  public static String loraB(String weight) {
    return weight + ".lora_B";
  }

  /** Factor on the LoRA product of a linear weight, a scalar. */
  public static String loraScale(String weight) {
    return weight + ".lora_scale";
  }

  /** Norms that DoRA gives the rows of an adapted linear weight, {@code [out]}. */
  public static String loraMagnitude(String weight) {
    return weight + ".lora_magnitude";
  }

  /** DoRA's magnitudes over the norms they replace, {@code [out]}. */
  public static String loraGain(String weight) {
    return weight + ".lora_gain";
  }
}
