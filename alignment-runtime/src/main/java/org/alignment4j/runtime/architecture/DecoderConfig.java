package org.alignment4j.runtime.architecture;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder is, independent of the family whose {@code config.json} described it: sizes,
 * normalisation, activation, positions, residual wiring and the arrangement of its weights.
 * Immutable and thread-safe.
 *
 * @param modelType the family's name as {@code config.json} gives it, such as {@code llama}
 * @param vocabSize rows of the embedding table
 * @param hiddenSize width of the residual stream, {@code dModel}
 * @param layers number of blocks
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of one head
 * @param intermediateSize width of the MLP, {@code dMlp}
 * @param maxPositions longest context, in tokens, beyond the trained one where the scaling of
 *     rotary positions reaches further
 * @param norm kind of normalisation
 * @param normEpsilon epsilon added to the variance or the mean square
 * @param activation the MLP's nonlinearity
 * @param gatedMlp whether the MLP multiplies {@code activation(gate)} with an up projection
 * @param positions how positions enter the model
 * @param parallelResidual whether attention and MLP read the same residual stream (GPT-NeoX)
 * @param qkv arrangement of the query, key and value weights
 * @param linear layout of linear weights
 * @param qkvBias whether query, key and value projections carry biases
 * @param outputBias whether the attention output projection carries a bias
 * @param mlpBias whether the MLP's projections carry biases
 * @param tiedEmbeddings whether the output head is the embedding table
 * @param attentionScale factor on {@code q·k} before the softmax, usually {@code 1/sqrt(headDim)};
 *     multiplied by {@code 1/(layer+1)} when {@code scaleByInverseLayer}
 * @param scaleByInverseLayer GPT-2's {@code scale_attn_by_inverse_layer_idx}
 * @param bosTokenId beginning-of-sequence id, if the checkpoint names one
 * @param eosTokenIds every id that ends a sequence; empty when the checkpoint names none
 * @param padTokenId padding id, if the checkpoint names one
 * @param variations where its blocks depart from the plain decoder
 * @param options what few decoders have before and after the blocks
 */
public record DecoderConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int intermediateSize,
    int maxPositions,
    Norm norm,
    double normEpsilon,
    Activation activation,
    boolean gatedMlp,
    Positions positions,
    boolean parallelResidual,
    QkvArrangement qkv,
    LinearLayout linear,
    boolean qkvBias,
    boolean outputBias,
    boolean mlpBias,
    boolean tiedEmbeddings,
    double attentionScale,
    boolean scaleByInverseLayer,
    @Nullable Integer bosTokenId,
    Set<Integer> eosTokenIds,
    @Nullable Integer padTokenId,
    Variations variations,
    DecoderOptions options) {

  /** Kind of normalisation. */
  public enum Norm {
    /** Mean and variance, weight and bias. */
    LAYER_NORM,
    /** Root mean square, weight only. */
    RMS_NORM
  }

  /** The MLP's nonlinearity. */
  public enum Activation {
    /**
     * {@code 0.5x(1+tanh(sqrt(2/pi)(x+0.044715x^3)))}: {@code gelu_new}, {@code gelu_pytorch_tanh}.
     */
    GELU_TANH,
    /** {@code x·Phi(x)} by the error function: {@code gelu}. */
    GELU_ERF,
    /** {@code x·sigmoid(x)}: {@code silu}, {@code swish}. */
    SILU,
    /** {@code max(x, 0)}. */
    RELU
  }

  /** Arrangement of query, key and value weights in the checkpoint. */
  public enum QkvArrangement {
    /** Three matrices (Llama, Qwen2). */
    SEPARATE,
    /** One matrix whose output is {@code [q | k | v]} (GPT-2). */
    FUSED_THIRDS,
    /** One matrix whose output is, head by head, {@code [q | k | v]} (GPT-NeoX). */
    FUSED_PER_HEAD,
    /** One matrix whose output is {@code [q | k | v]}, keys and values perhaps narrower (Phi-3). */
    FUSED_BLOCKS
  }

  /** Layout of linear weights in the checkpoint. */
  public enum LinearLayout {
    /** {@code [in, out]}: {@code y = x·W} (GPT-2's Conv1D). */
    IN_OUT,
    /** {@code [out, in]}: {@code y = x·Wᵀ} (everything else). */
    OUT_IN
  }

  /** How positions enter the model. */
  public sealed interface Positions {}

  /**
   * A learned table {@code [offset + maxPositions, hiddenSize]} added to the token embedding.
   *
   * @param offset row of the first position (2 in OPT)
   */
  public record LearnedPositions(int offset) implements Positions {
    /** A table whose first row is that of the first position. */
    public LearnedPositions() {
      this(0);
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when the offset is negative
     */
    public LearnedPositions {
      if (offset < 0) {
        throw new IllegalArgumentException("offset must not be negative but was " + offset);
      }
    }
  }

  /**
   * Attention with linear biases (Press et al. 2022): each head adds {@code slope·(key − query)},
   * the distance in tokens, to its scores.
   */
  public record AlibiPositions() implements Positions {
    /**
     * The heads' slopes: for a power of two {@code n} of heads {@code 2^(−8i/n)}, {@code i} from 1;
     * for other counts those of the next lower power of two, then every second one of twice that
     * power, as the paper's authors published.
     *
     * @param heads number of heads, positive
     */
    public static double[] slopes(int heads) {
      int power = Integer.highestOneBit(heads);
      double[] slopes = new double[heads];
      for (int i = 0; i < heads; i++) {
        slopes[i] =
            i < power
                ? Math.pow(2, -8.0 * (i + 1) / power)
                : Math.pow(2, -4.0 * (2 * (i - power) + 1) / power);
      }
      return slopes;
    }
  }

  /**
   * Rotary embedding of queries and keys.
   *
   * @param theta base of the frequencies
   * @param rotaryDim leading components of each head that turn; even, at most {@code headDim}
   * @param scaling how the frequencies are changed for longer contexts
   * @param interleaved whether component {@code 2i} turns with {@code 2i + 1} (GPT-J); otherwise
   *     {@code i} turns with {@code i + rotaryDim/2}
   */
  public record RotaryPositions(
      double theta, int rotaryDim, RotaryScaling scaling, boolean interleaved)
      implements Positions {

    /** Rotary positions in half-split form that are not scaled. */
    public RotaryPositions(double theta, int rotaryDim) {
      this(theta, rotaryDim, new RotaryScaling.None(), false);
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the base is not positive, or the components are not
     *     positive and even
     */
    public RotaryPositions {
      if (theta <= 0) {
        throw new IllegalArgumentException("theta must be positive but was " + theta);
      }
      if (rotaryDim <= 0 || rotaryDim % 2 != 0) {
        throw new IllegalArgumentException(
            "rotaryDim must be positive and even but was " + rotaryDim);
      }
    }

    /**
     * The frequency of each pair of components, {@code [rotaryDim/2]}; of sequences within the
     * trained length where it depends on the length.
     */
    public double[] frequencies() {
      return scaling.frequencies(theta, rotaryDim);
    }
  }

  /** A plain decoder. */
  public DecoderConfig(
      String modelType,
      int vocabSize,
      int hiddenSize,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int intermediateSize,
      int maxPositions,
      Norm norm,
      double normEpsilon,
      Activation activation,
      boolean gatedMlp,
      Positions positions,
      boolean parallelResidual,
      QkvArrangement qkv,
      LinearLayout linear,
      boolean qkvBias,
      boolean outputBias,
      boolean mlpBias,
      boolean tiedEmbeddings,
      double attentionScale,
      boolean scaleByInverseLayer,
      @Nullable Integer bosTokenId,
      Set<Integer> eosTokenIds,
      @Nullable Integer padTokenId) {
    this(
        modelType,
        vocabSize,
        hiddenSize,
        layers,
        heads,
        kvHeads,
        headDim,
        intermediateSize,
        maxPositions,
        norm,
        normEpsilon,
        activation,
        gatedMlp,
        positions,
        parallelResidual,
        qkv,
        linear,
        qkvBias,
        outputBias,
        mlpBias,
        tiedEmbeddings,
        attentionScale,
        scaleByInverseLayer,
        bosTokenId,
        eosTokenIds,
        padTokenId,
        Variations.none());
  }

  /** A decoder with the usual options. */
  public DecoderConfig(
      String modelType,
      int vocabSize,
      int hiddenSize,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int intermediateSize,
      int maxPositions,
      Norm norm,
      double normEpsilon,
      Activation activation,
      boolean gatedMlp,
      Positions positions,
      boolean parallelResidual,
      QkvArrangement qkv,
      LinearLayout linear,
      boolean qkvBias,
      boolean outputBias,
      boolean mlpBias,
      boolean tiedEmbeddings,
      double attentionScale,
      boolean scaleByInverseLayer,
      @Nullable Integer bosTokenId,
      Set<Integer> eosTokenIds,
      @Nullable Integer padTokenId,
      Variations variations) {
    this(
        modelType,
        vocabSize,
        hiddenSize,
        layers,
        heads,
        kvHeads,
        headDim,
        intermediateSize,
        maxPositions,
        norm,
        normEpsilon,
        activation,
        gatedMlp,
        positions,
        parallelResidual,
        qkv,
        linear,
        qkvBias,
        outputBias,
        mlpBias,
        tiedEmbeddings,
        attentionScale,
        scaleByInverseLayer,
        bosTokenId,
        eosTokenIds,
        padTokenId,
        variations,
        DecoderOptions.usual());
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the query heads are no positive multiple of the key and
   *     value heads, there are windows but not one for each block, blocks that are not parallel are
   *     to share a norm, or logits with a bias are to be capped
   */
  public DecoderConfig {
    // Sorted, so that its text is the same in every process.
    eosTokenIds = Collections.unmodifiableSet(new TreeSet<>(eosTokenIds));
    if (heads <= 0 || kvHeads <= 0 || heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "heads must be a positive multiple of kvHeads but heads was "
              + heads
              + " and kvHeads "
              + kvHeads);
    }
    if (variations.windowed() && variations.windows().size() != layers) {
      throw new IllegalArgumentException(
          "windows must be one for each of " + layers + " layers but were " + variations.windows());
    }
    if (variations.normPlacement() == Variations.NormPlacement.SHARED && !parallelResidual) {
      throw new IllegalArgumentException(
          "normPlacement must not be SHARED unless attention and MLP read the same residual stream"
              + " (parallelResidual)");
    }
    if (options.headBias() && variations.logitCap() != 0) {
      throw new IllegalArgumentException(
          "logitCap must be 0 where the output head carries a bias but was "
              + variations.logitCap());
    }
  }

  /** Width of the token embeddings and of what the output head reads. */
  public int embeddingSize() {
    return options.embeddingSize().orElse(hiddenSize);
  }

  /** Query heads that share one key and value head. */
  public int groups() {
    return heads / kvHeads;
  }
}
