package org.alignment4j.interp.weights;

import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one layer. Where its norms stand is {@code
 * TransformerWeights.config().variations().normPlacement()}. Immutable and thread-safe.
 *
 * @param ln1 norm of what attention reads (and the MLP, where they share one), or of the stream
 *     after attention; null where there is none
 * @param attention attention
 * @param ln1Post norm of what attention adds; null where there is none
 * @param ln2 norm of what the MLP reads, or of the stream after it; null where there is none
 * @param mlp the MLP
 * @param ln2Post norm of what the MLP adds; null where there is none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LayerWeights(
    @Nullable NormWeights ln1,
    AttentionWeights attention,
    @Nullable NormWeights ln1Post,
    @Nullable NormWeights ln2,
    MlpWeights mlp,
    @Nullable NormWeights ln2Post) {

  /** Checks that attention and MLP are there. */
  public LayerWeights {
    Objects.requireNonNull(attention, "attention");
    Objects.requireNonNull(mlp, "mlp");
  }

  /** This layer with other attention. */
  LayerWeights attention(AttentionWeights other) {
    return new LayerWeights(ln1, other, ln1Post, ln2, mlp, ln2Post);
  }

  /** This layer with another MLP. */
  LayerWeights mlp(MlpWeights other) {
    return new LayerWeights(ln1, attention, ln1Post, ln2, other, ln2Post);
  }

  /** This layer with other norms of what is read. */
  LayerWeights norms(@Nullable NormWeights first, @Nullable NormWeights second) {
    return new LayerWeights(first, attention, ln1Post, second, mlp, ln2Post);
  }
}
