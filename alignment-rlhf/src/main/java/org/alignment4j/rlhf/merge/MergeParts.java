package org.alignment4j.rlhf.merge;

import java.util.Objects;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LoraAdapter;
import org.jspecify.annotations.Nullable;

/**
 * What a model to merge is made of.
 *
 * @param id the model's identity
 * @param architecture sizes and names of its parameters
 * @param weights the parameters without the adapter, tied ones once
 * @param adapter null for none
 * @param tokenizer null where it reads no text
 */
record MergeParts(
    String id,
    Architecture architecture,
    Weights weights,
    @Nullable LoraAdapter adapter,
    @Nullable Tokenizer tokenizer) {

  /** Whether the weights below the adapter are those of another model, in every bit. */
  boolean sharesWeights(MergeParts other) {
    boolean same =
        weights.names().equals(other.weights.names())
            && weights.names().stream().allMatch(n -> weights.stored(n) == other.weights.stored(n));
    return same || weights.contentHash().equals(other.weights.contentHash());
  }

  /** The weights with the adapter, if there is one, added to them. */
  Weights whole() {
    return adapter == null ? weights : adapter.mergedInto(weights, architecture.config().linear());
  }

  /** Whether the adapter's effect is a sum, or there is none. */
  boolean additive() {
    return adapter == null || adapter.decomposed().isEmpty();
  }

  LoraAdapter requiredAdapter() {
    return Objects.requireNonNull(adapter);
  }
}
