package org.alignment4j.interp.weights;

/** {@link ProcessingStep#FOLD_VALUE_BIASES}. */
final class ValueBiases {

  private ValueBiases() {}

  static LayerWeights fold(LayerWeights layer) {
    AttentionWeights attention = layer.attention();
    Matrix bias = attention.outputBias();
    for (int head = 0; head < attention.heads(); head++) {
      bias = bias.plus(attention.valueOf(head).bias().times(attention.output().get(head)));
    }
    return layer.attention(
        attention
            .reading(
                attention.query(),
                attention.key(),
                attention.value().stream()
                    .map(v -> new Affine(v.weight(), Matrix.zeros(1, v.bias().columns())))
                    .toList())
            .writing(attention.output(), bias));
  }
}
