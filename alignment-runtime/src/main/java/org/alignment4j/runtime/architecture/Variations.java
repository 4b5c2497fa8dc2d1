package org.alignment4j.runtime.architecture;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a decoder departs from the plain one: norm before attention and MLP, no cap, every earlier
 * token attended. Immutable and thread-safe.
 *
 * @param normPlacement where a block normalises
 * @param unitOffsetNorm whether a norm multiplies by {@code 1 + weight} instead of {@code weight}
 * @param embeddingScale factor on the token embeddings; the head, tied or not, does not have it
 * @param logitCap {@code c} of {@code c·tanh(logits/c)}; 0 for none
 * @param headNorm how queries and keys are normalised before they turn
 * @param scoreCap {@code c} of {@code c·tanh(score/c)}, between scale and mask; 0 for none
 * @param windows of each block how many tokens a query sees, itself included, 0 for all; empty
 *     where every block sees all
 * @param fusedGateUp whether one matrix of the MLP gives {@code [gate | up]}
 * @param experts the MLPs among which each token chooses, or null where there is one
 */
public record Variations(
    NormPlacement normPlacement,
    boolean unitOffsetNorm,
    double embeddingScale,
    double logitCap,
    HeadNorm headNorm,
    double scoreCap,
    List<Integer> windows,
    boolean fusedGateUp,
    @Nullable Experts experts) {

  /** Where a block normalises. */
  public enum NormPlacement {
    /** What attention and MLP read; the residual connection passes it by (Llama). */
    BEFORE,
    /** As {@link #BEFORE}, but the residual connection starts after the norm (BLOOM). */
    BEFORE_RESIDUAL,
    /** By one norm, which attention and MLP both read; only in parallel blocks (GPT-J). */
    SHARED,
    /** What attention and MLP add to the residual stream (OLMo-2). */
    AFTER,
    /** Both what they read and what they add (Gemma-2). */
    AROUND,
    /** The residual stream, after each output is added to it (OPT of 350 million parameters). */
    AFTER_SUM
  }

  /** How queries and keys are normalised before they turn, by their root mean square. */
  public enum HeadNorm {
    /** Not at all. */
    NONE,
    /** Each head for itself, by one weight {@code [headDim]} (Qwen3). */
    EACH,
    /** All heads of a token together, by a weight as wide as they are (OLMo-2). */
    ALL
  }

  /**
   * Several MLPs in each block, of which each token goes through a few (Mixtral, Jiang et al. 2024,
   * section 2.1).
   *
   * @param count how many there are
   * @param perToken how many a token goes through: those of the greatest router logits, weighted by
   *     the softmax of these
   */
  public record Experts(int count, int perToken) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException unless {@code 1 <= perToken <= count}
     */
    public Experts {
      if (perToken < 1 || perToken > count) {
        throw new IllegalArgumentException(
            "perToken must be from 1 to count " + count + " but was " + perToken);
      }
    }
  }

  private static final Variations NONE =
      new Variations(NormPlacement.BEFORE, false, 1, 0, HeadNorm.NONE, 0, List.of(), false, null);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the scale is not positive, a cap or window is negative,
   *     or one of the numbers is not finite
   */
  public Variations {
    windows = List.copyOf(windows);
    if (!(embeddingScale > 0) || Double.isInfinite(embeddingScale)) {
      throw new IllegalArgumentException(
          "embeddingScale must be positive and finite but was " + embeddingScale);
    }
    requireCap("logitCap", logitCap);
    requireCap("scoreCap", scoreCap);
    if (windows.stream().anyMatch(w -> w < 0)) {
      throw new IllegalArgumentException("windows must not be negative but were " + windows);
    }
  }

  private static void requireCap(String name, double cap) {
    if (!(cap >= 0) || Double.isInfinite(cap)) {
      throw new IllegalArgumentException(name + " must be finite and not negative but was " + cap);
    }
  }

  /** No departure. */
  public static Variations none() {
    return NONE;
  }

  /** These with another place of the norms. */
  public Variations normPlacement(NormPlacement placement) {
    return new Variations(
        placement,
        unitOffsetNorm,
        embeddingScale,
        logitCap,
        headNorm,
        scoreCap,
        windows,
        fusedGateUp,
        experts);
  }

  /** These with norms that multiply by {@code 1 + weight}. */
  public Variations withUnitOffsetNorm() {
    return new Variations(
        normPlacement,
        true,
        embeddingScale,
        logitCap,
        headNorm,
        scoreCap,
        windows,
        fusedGateUp,
        experts);
  }

  /** These with another factor on the token embeddings. */
  public Variations embeddingScale(double scale) {
    return new Variations(
        normPlacement,
        unitOffsetNorm,
        scale,
        logitCap,
        headNorm,
        scoreCap,
        windows,
        fusedGateUp,
        experts);
  }

  /** These with another cap of the logits; 0 for none. */
  public Variations logitCap(double cap) {
    return new Variations(
        normPlacement,
        unitOffsetNorm,
        embeddingScale,
        cap,
        headNorm,
        scoreCap,
        windows,
        fusedGateUp,
        experts);
  }

  /** These with another normalisation of queries and keys. */
  public Variations headNorm(HeadNorm norm) {
    return new Variations(
        normPlacement,
        unitOffsetNorm,
        embeddingScale,
        logitCap,
        norm,
        scoreCap,
        windows,
        fusedGateUp,
        experts);
  }

  /** These with another cap of the attention scores; 0 for none. */
  public Variations scoreCap(double cap) {
    return new Variations(
        normPlacement,
        unitOffsetNorm,
        embeddingScale,
        logitCap,
        headNorm,
        cap,
        windows,
        fusedGateUp,
        experts);
  }

  /** These with a window for each block; 0 for none, empty where no block has one. */
  public Variations windows(List<Integer> sizes) {
    boolean used = sizes.stream().anyMatch(w -> w > 0);
    return new Variations(
        normPlacement,
        unitOffsetNorm,
        embeddingScale,
        logitCap,
        headNorm,
        scoreCap,
        used ? sizes : List.of(),
        fusedGateUp,
        experts);
  }

  /** These with one window for every block; 0 for none. */
  public Variations window(int layers, int size) {
    return windows(Collections.nCopies(layers, size));
  }

  /** These with gate and up projection in one matrix. */
  public Variations withFusedGateUp() {
    return new Variations(
        normPlacement,
        unitOffsetNorm,
        embeddingScale,
        logitCap,
        headNorm,
        scoreCap,
        windows,
        true,
        experts);
  }

  /** These with several MLPs in each block. */
  public Variations experts(Experts several) {
    return new Variations(
        normPlacement,
        unitOffsetNorm,
        embeddingScale,
        logitCap,
        headNorm,
        scoreCap,
        windows,
        fusedGateUp,
        several);
  }

  /** How many tokens a query of a block sees, itself included; 0 for all. */
  public int window(int layer) {
    return windows.isEmpty() ? 0 : windows.get(layer);
  }

  /** Whether some block sees only the last tokens. */
  public boolean windowed() {
    return !windows.isEmpty();
  }

  /** Whether blocks normalise what attention and MLP read. */
  public boolean normBefore() {
    return normPlacement != NormPlacement.AFTER && normPlacement != NormPlacement.AFTER_SUM;
  }

  /** Whether blocks normalise what attention and MLP add to the residual stream. */
  public boolean normAfter() {
    return normPlacement == NormPlacement.AFTER || normPlacement == NormPlacement.AROUND;
  }

  /** Whether blocks have a norm of what attention reads, or of the stream after it. */
  public boolean attentionNorm() {
    return normPlacement != NormPlacement.AFTER;
  }

  /** Whether blocks have a norm of their own of what the MLP reads, or of the stream after it. */
  public boolean mlpNorm() {
    return attentionNorm() && normPlacement != NormPlacement.SHARED;
  }
}
