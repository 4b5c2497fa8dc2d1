package org.alignment4j.interp.weights;

import java.util.Optional;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;

/** {@link ProcessingStep#CENTRE_WRITING_WEIGHTS} and {@link ProcessingStep#CENTRE_UNEMBEDDING}. */
final class Centring {

  private Centring() {}

  /** Why writing weights keep their mean; empty where every reader of the stream removes it. */
  static Optional<String> obstacleOfWriting(TransformerWeights weights) {
    NormPlacement placement = weights.config().variations().normPlacement();
    if (weights.config().norm() == Norm.RMS_NORM) {
      return Optional.of(
          "its norms divide by the root mean square and keep the mean of the stream");
    }
    if (placement != NormPlacement.BEFORE && placement != NormPlacement.SHARED) {
      return Optional.of(
          "its norms are within the residual stream, whose mean their weights and biases make anew");
    }
    return weights.lnFinal() == null
        ? Optional.of("there is no norm after the last layer, so the unembedding reads the mean")
        : Optional.empty();
  }

  static TransformerWeights writing(TransformerWeights weights) {
    Matrix positions = weights.positions();
    return weights
        .beginning(
            weights.embedding().withCentredRows(),
            positions == null ? null : positions.withCentredRows())
        .mapLayers(Centring::writing);
  }

  private static LayerWeights writing(LayerWeights layer) {
    AttentionWeights attention = layer.attention();
    return layer
        .attention(
            attention.writing(
                attention.output().stream().map(Matrix::withCentredRows).toList(),
                attention.outputBias().withCentredRows()))
        .mlp(layer.mlp().mapWriting(map -> map.map(Matrix::withCentredRows)));
  }

  /** Why the unembedding keeps its mean; empty where logits may all move by one number. */
  static Optional<String> obstacleOfUnembedding(TransformerWeights weights) {
    double cap = weights.config().variations().logitCap();
    return cap == 0
        ? Optional.empty()
        : Optional.of("its logits are capped at " + cap + ", which is not the same after a shift");
  }

  static TransformerWeights unembedding(TransformerWeights weights) {
    return weights.end(weights.lnFinal(), weights.unembedding().map(Matrix::withCentredRows));
  }
}
