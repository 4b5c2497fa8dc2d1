package org.alignment4j.interp.weights;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a decoder in the convention of TransformerLens: row vectors, {@code x·W}, one
 * matrix a head. They are copies in double precision, eight bytes a parameter, of every family that
 * the engine loads, whatever its checkpoint's arrangement. Immutable and thread-safe; nothing is
 * shared with the model, which may be closed.
 *
 * @param config what the decoder computes with them
 * @param embedding {@code W_E} {@code [V, d]}: what {@code hook_embed} shows of each token. A
 *     family's factor on the embeddings, a norm of them and a linear map to the width of the stream
 *     are in it
 * @param positions {@code W_pos} {@code [positions, d]}, row {@code p} that of position {@code p};
 *     null where positions are not embedded
 * @param layers the layers, at least one
 * @param lnFinal the norm after the last layer; null where there is none
 * @param unembedding {@code W_U} {@code [d, V]} and {@code b_U}; a cap of the logits is in the
 *     configuration
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TransformerWeights(
    DecoderConfig config,
    Matrix embedding,
    @Nullable Matrix positions,
    List<LayerWeights> layers,
    @Nullable NormWeights lnFinal,
    Affine unembedding) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no layer, or embedding and unembedding are not of
   *     one width
   */
  public TransformerWeights {
    Objects.requireNonNull(config, "config");
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("layers must be at least one but there was none");
    }
    if (embedding.columns() != unembedding.weight().rows()) {
      throw new IllegalArgumentException(
          "embedding and unembedding must be of one width but were "
              + embedding
              + " and "
              + unembedding.weight());
    }
  }

  /**
   * The weights of a model, its adapter added to them.
   *
   * @throws IllegalStateException if the model is closed or quantised
   */
  public static TransformerWeights of(DecoderModel model) {
    requireFloats(model.weights());
    if (model.adapter() == null) {
      return of(model.architecture(), model.weights());
    }
    try (DecoderModel merged = model.merged()) {
      return of(merged.architecture(), merged.weights());
    }
  }

  /**
   * The weights of an architecture.
   *
   * @param weights every parameter of the architecture
   * @throws IllegalStateException if some are quantised
   * @throws IllegalArgumentException if the architecture's head gives no logits
   * @throws org.alignment4j.api.CheckpointException if a parameter is missing
   */
  public static TransformerWeights of(Architecture architecture, Weights weights) {
    requireFloats(weights);
    return new WeightReader(architecture, weights).read();
  }

  private static void requireFloats(Weights weights) {
    if (!weights.quantised().isEmpty()) {
      String first = weights.quantised().keySet().iterator().next();
      throw new IllegalStateException(
          "weights must be float32 to be read matrix by matrix but "
              + weights.quantised().size()
              + " are quantised, the first of them '"
              + first
              + "'; read those of model.dequantised()");
    }
  }

  /** Width of the residual stream, {@code d}. */
  public int width() {
    return embedding.columns();
  }

  /** Tokens of the vocabulary, {@code V}. */
  public int vocabulary() {
    return embedding.rows();
  }

  /**
   * One layer.
   *
   * @throws IllegalArgumentException if there is no such layer
   */
  public LayerWeights layer(int layer) {
    if (layer < 0 || layer >= layers.size()) {
      throw new IllegalArgumentException(
          "layer must be in [0, " + (layers.size() - 1) + "] but was " + layer);
    }
    return layers.get(layer);
  }

  /**
   * The logits of one vector of the stream after the last layer, final norm and cap included: the
   * logit lens at any layer, its norm computed anew (nostalgebraist 2020).
   *
   * @param residual {@code [d]}
   * @return a new array {@code [V]}
   * @throws IllegalArgumentException if the length differs
   */
  public double[] logits(double[] residual) {
    double[] read = lnFinal == null ? residual : lnFinal.apply(residual);
    double[] logits =
        Matrix.row(read).times(unembedding.weight()).plus(unembedding.bias()).toArray();
    double cap = config.variations().logitCap();
    for (int i = 0; i < logits.length && cap > 0; i++) {
      logits[i] = cap * Math.tanh(logits[i] / cap);
    }
    return logits;
  }

  /** These weights with every layer changed. */
  TransformerWeights mapLayers(UnaryOperator<LayerWeights> change) {
    return new TransformerWeights(
        config, embedding, positions, layers.stream().map(change).toList(), lnFinal, unembedding);
  }

  /** These weights with another end. */
  TransformerWeights end(@Nullable NormWeights norm, Affine newUnembedding) {
    return new TransformerWeights(config, embedding, positions, layers, norm, newUnembedding);
  }

  /** These weights with another beginning. */
  TransformerWeights beginning(Matrix newEmbedding, @Nullable Matrix newPositions) {
    return new TransformerWeights(config, newEmbedding, newPositions, layers, lnFinal, unembedding);
  }

  /** The sizes. */
  @Override
  public String toString() {
    return "TransformerWeights[" + layers.size() + " layers, embedding " + embedding + "]";
  }
}
