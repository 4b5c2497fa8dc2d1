package org.alignment4j.runtime.train;

import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * Which optimiser a run uses, and its settings. Immutable and thread-safe; the text of a
 * configuration is the same in every process, and a run is resumed only where it is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface OptimizerConfig
    permits AdamWConfig, AdamW8BitConfig, SgdConfig, LionConfig, AdafactorConfig {

  /** Which tensors decay. */
  enum Decayed {
    /** Every trained tensor, as optimisers of {@code torch.optim} do without parameter groups. */
    ALL,
    /** Tensors of two or more dimensions: neither biases nor normalisation weights. */
    MATRICES;

    boolean includes(FlatLayout.Slot slot) {
      return this == ALL || slot.shape().size() >= 2;
    }
  }

  /**
   * Creates an optimiser at its first step.
   *
   * @param parameters what is updated, in place
   * @param executor runs the threads besides the calling one
   * @param threads how many threads take part, the calling one included; at least 1
   * @return the optimiser, owned by one training run
   * @throws IllegalArgumentException when there is no thread
   */
  Optimizer create(FlatParameters parameters, Executor executor, int threads);
}
