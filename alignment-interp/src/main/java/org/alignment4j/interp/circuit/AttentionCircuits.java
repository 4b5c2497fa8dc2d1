package org.alignment4j.interp.circuit;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.alignment4j.interp.weights.AttentionWeights;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.NormWeights;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.Variations.HeadNorm;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What each head compares and moves (Elhage et al. 2021, section "Transformer circuits"), read from
 * weights alone, best from those with their norms folded. In row vectors: a head adds {@code Σ_k
 * pattern·x_k·OV} to the stream, and its scores are {@code x_q·QK·x_kᵀ} before they are scaled.
 * Heads that share keys and values are expanded. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AttentionCircuits {

  private final TransformerWeights weights;

  /** The circuits of weights. */
  public AttentionCircuits(TransformerWeights weights) {
    this.weights = weights;
  }

  /** The weights. */
  public TransformerWeights weights() {
    return weights;
  }

  /** Number of layers. */
  public int layers() {
    return weights.layers().size();
  }

  /** Number of heads of every layer. */
  public int heads() {
    return weights.config().heads();
  }

  /**
   * {@code OV = W_V·W_O}, {@code [d, d]}.
   *
   * @throws IllegalArgumentException if there is no such layer or head
   */
  public FactoredMatrix ov(int layer, int head) {
    AttentionWeights attention = attention(layer, head);
    return new FactoredMatrix(attention.valueOf(head).weight(), attention.output().get(head));
  }

  /**
   * {@code QK = W_Q·W_Kᵀ}, {@code [d, d]}; see {@link #scoreApproximations}.
   *
   * @throws IllegalArgumentException if there is no such layer or head
   */
  public FactoredMatrix qk(int layer, int head) {
    AttentionWeights attention = attention(layer, head);
    return new FactoredMatrix(
        attention.query().get(head).weight(), attention.keyOf(head).weight().transposed());
  }

  /**
   * {@code [W_Q; b_Q]·[W_K; b_K]ᵀ}, {@code [d + 1, d + 1]}: scores with their biases are {@code
   * [x_q 1]·QK·[x_k 1]ᵀ}.
   *
   * @throws IllegalArgumentException if there is no such layer or head
   */
  public FactoredMatrix qkWithBiases(int layer, int head) {
    AttentionWeights attention = attention(layer, head);
    return new FactoredMatrix(
        attention.query().get(head).augmented(), attention.keyOf(head).augmented().transposed());
  }

  /**
   * {@code W_E·OV·W_U}, {@code [V, V]}: what attending to a token adds to the logits of each.
   *
   * @throws IllegalArgumentException if there is no such layer or head
   */
  public FactoredMatrix fullOv(int layer, int head) {
    return ov(layer, head).timesFromLeft(weights.embedding()).times(weights.unembedding().weight());
  }

  /**
   * {@code W_E·QK·W_Eᵀ}, {@code [V, V]}: how much a token of the query attends to each of the keys.
   *
   * @throws IllegalArgumentException if there is no such layer or head
   */
  public FactoredMatrix fullQk(int layer, int head) {
    Matrix embedding = weights.embedding();
    return qk(layer, head).timesFromLeft(embedding).times(embedding.transposed());
  }

  /** What the model computes of scores and QK leaves out, in every layer. */
  public Set<Approximation> scoreApproximations() {
    DecoderConfig config = weights.config();
    EnumSet<Approximation> all = shared();
    if (config.positions() instanceof RotaryPositions) {
      all.add(Approximation.ROTARY_IGNORED);
    }
    if (config.positions() instanceof AlibiPositions) {
      all.add(Approximation.LINEAR_BIASES_IGNORED);
    }
    if (config.variations().headNorm() != HeadNorm.NONE) {
      all.add(Approximation.HEAD_NORM_IGNORED);
    }
    if (config.variations().scoreCap() > 0) {
      all.add(Approximation.SCORE_CAP_IGNORED);
    }
    return Collections.unmodifiableSet(all);
  }

  /** What the model computes of a head's output and OV leaves out, in some layer. */
  public Set<Approximation> outputApproximations() {
    EnumSet<Approximation> all = shared();
    if (weights.config().variations().normAfter()) {
      all.add(Approximation.OUTPUT_NORM_IGNORED);
    }
    return Collections.unmodifiableSet(all);
  }

  private EnumSet<Approximation> shared() {
    EnumSet<Approximation> all = EnumSet.noneOf(Approximation.class);
    NormPlacement placement = weights.config().variations().normPlacement();
    if (placement == NormPlacement.AFTER_SUM || placement == NormPlacement.BEFORE_RESIDUAL) {
      all.add(Approximation.STREAM_NORM_IGNORED);
    } else if (weights.layers().stream().anyMatch(layer -> !unit(layer.ln1()))) {
      all.add(Approximation.NORMS_NOT_FOLDED);
    }
    return all;
  }

  private static boolean unit(@Nullable NormWeights norm) {
    if (norm == null) {
      return true;
    }
    for (int i = 0; i < norm.weight().columns(); i++) {
      if (norm.weight().get(0, i) != 1 || norm.bias().get(0, i) != 0) {
        return false;
      }
    }
    return true;
  }

  private AttentionWeights attention(int layer, int head) {
    AttentionWeights attention = weights.layer(layer).attention();
    if (head < 0 || head >= attention.heads()) {
      throw new IllegalArgumentException(
          "head must be in [0, " + (attention.heads() - 1) + "] but was " + head);
    }
    return attention;
  }
}
