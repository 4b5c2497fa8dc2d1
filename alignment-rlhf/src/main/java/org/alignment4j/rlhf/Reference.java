package org.alignment4j.rlhf;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The reference's log-probabilities, computed when first asked for. Owned by one run. */
final class Reference {

  private final Supplier<AnswerLogProbs> compute;
  private @Nullable AnswerLogProbs logProbs;

  Reference(Supplier<AnswerLogProbs> compute) {
    this.compute = compute;
  }

  AnswerLogProbs logProbs() {
    AnswerLogProbs known = logProbs;
    if (known == null) {
      known = compute.get();
      logProbs = known;
    }
    return known;
  }
}
