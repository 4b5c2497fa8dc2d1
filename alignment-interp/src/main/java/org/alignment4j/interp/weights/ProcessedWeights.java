package org.alignment4j.interp.weights;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * What processing gave. Immutable and thread-safe.
 *
 * @param weights the new weights
 * @param applied the steps that were done, at least in part
 * @param skipped the steps that were asked for and not done, or only in part, each with its reason
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ProcessedWeights(
    TransformerWeights weights, Set<ProcessingStep> applied, List<SkippedStep> skipped) {

  /** Copies. */
  public ProcessedWeights {
    Objects.requireNonNull(weights, "weights");
    EnumSet<ProcessingStep> ordered = EnumSet.noneOf(ProcessingStep.class);
    ordered.addAll(applied);
    applied = Collections.unmodifiableSet(ordered);
    skipped = List.copyOf(skipped);
  }
}
