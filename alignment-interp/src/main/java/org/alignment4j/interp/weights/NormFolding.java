package org.alignment4j.interp.weights;

import java.util.List;
import java.util.Optional;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.jspecify.annotations.Nullable;

/** {@link ProcessingStep#FOLD_NORMS}. */
final class NormFolding {

  private NormFolding() {}

  /** Why norms of the blocks, or that after them, stay; empty where all are folded. */
  static Optional<String> obstacle(TransformerWeights weights) {
    String end =
        weights.lnFinal() == null ? "there is no norm after the last layer" : "ln_final is folded";
    return switch (weights.config().variations().normPlacement()) {
      case AFTER ->
          Optional.of("ln1_post and ln2_post stay: they normalise what is added, not read; " + end);
      case BEFORE_RESIDUAL ->
          Optional.of(
              "ln1 and ln2 stay: the residual connection carries on what they give; " + end);
      case AFTER_SUM -> Optional.of("ln1 and ln2 stay: they normalise the stream itself; " + end);
      case BEFORE, SHARED, AROUND -> Optional.empty();
    };
  }

  static TransformerWeights fold(TransformerWeights weights) {
    NormWeights last = weights.lnFinal();
    TransformerWeights folded =
        last == null ? weights : weights.end(last.unit(), behind(last, weights.unembedding()));
    NormPlacement placement = weights.config().variations().normPlacement();
    return obstacle(weights).isPresent() ? folded : folded.mapLayers(l -> fold(l, placement));
  }

  private static LayerWeights fold(LayerWeights layer, NormPlacement placement) {
    NormWeights first = layer.ln1();
    NormWeights second = layer.ln2();
    NormWeights readByMlp = placement == NormPlacement.SHARED ? first : second;
    LayerWeights folded = layer;
    if (first != null) {
      AttentionWeights attention = layer.attention();
      folded =
          folded.attention(
              attention.reading(
                  behind(first, attention.query()),
                  behind(first, attention.key()),
                  behind(first, attention.value())));
    }
    if (readByMlp != null) {
      folded = folded.mlp(behind(readByMlp, layer.mlp()));
    }
    return folded.norms(unit(first), unit(second));
  }

  private static @Nullable NormWeights unit(@Nullable NormWeights norm) {
    return norm == null ? null : norm.unit();
  }

  private static MlpWeights behind(NormWeights norm, MlpWeights mlp) {
    return mlp.mapReading(map -> behind(norm, map));
  }

  private static List<Affine> behind(NormWeights norm, List<Affine> maps) {
    return maps.stream().map(map -> behind(norm, map)).toList();
  }

  /** What reads the norm's {@code x̂} as a map read the norm. */
  private static Affine behind(NormWeights norm, Affine map) {
    Matrix bias = map.bias().plus(norm.bias().times(map.weight()));
    Matrix weight = map.weight().scaledRows(norm.weight());
    return new Affine(norm.kind() == Norm.LAYER_NORM ? weight.withCentredColumns() : weight, bias);
  }
}
