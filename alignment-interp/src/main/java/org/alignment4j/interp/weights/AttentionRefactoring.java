package org.alignment4j.interp.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.Variations.HeadNorm;

/** {@link ProcessingStep#REFACTOR_ATTENTION}. */
final class AttentionRefactoring {

  private AttentionRefactoring() {}

  /** Why heads keep their factors; empty where scores are a bilinear form of the stream. */
  static Optional<String> obstacle(TransformerWeights weights) {
    DecoderConfig config = weights.config();
    if (config.positions() instanceof RotaryPositions) {
      return Optional.of("queries and keys turn with their positions between the factors");
    }
    if (config.variations().headNorm() != HeadNorm.NONE) {
      return Optional.of("queries and keys are normalised between the factors");
    }
    return config.groups() == 1
        ? Optional.empty()
        : Optional.of(config.heads() + " heads share the keys and values of " + config.kvHeads());
  }

  static LayerWeights refactor(LayerWeights given) {
    LayerWeights layer = ValueBiases.fold(given);
    AttentionWeights attention = layer.attention();
    List<Affine> queries = new ArrayList<>();
    List<Affine> keys = new ArrayList<>();
    List<Affine> values = new ArrayList<>();
    List<Matrix> outputs = new ArrayList<>();
    for (int head = 0; head < attention.heads(); head++) {
      Affine value = attention.value().get(head);
      int e = value.weight().columns();
      ThinSvd qk =
          ThinSvd.ofProduct(
              attention.query().get(head).augmented(),
              attention.key().get(head).augmented().transposed());
      double[] s = qk.values();
      queries.add(Affine.ofAugmented(columns(qk.left(), e, j -> Math.sqrt(s[j]))));
      keys.add(Affine.ofAugmented(columns(qk.right(), e, j -> Math.sqrt(s[j]))));
      ThinSvd ov = ThinSvd.ofProduct(value.weight(), attention.output().get(head));
      double[] t = ov.values();
      values.add(new Affine(columns(ov.left(), e, j -> t[j]), value.bias()));
      outputs.add(columns(ov.right(), e, j -> 1).transposed());
    }
    return layer.attention(
        attention.reading(queries, keys, values).writing(outputs, attention.outputBias()));
  }

  /** A factor of a column. */
  private interface Factor {
    double of(int column);
  }

  /** Columns multiplied each by its factor, up to a count; zeros beyond those there are. */
  private static Matrix columns(Matrix vectors, int count, Factor factor) {
    return Matrix.generate(
        vectors.rows(),
        count,
        (i, j) -> j < vectors.columns() ? vectors.get(i, j) * factor.of(j) : 0);
  }
}
