package org.alignment4j.interp.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Which rewritings weights go through before they are looked at. None of them changes what the
 * decoder's log-probabilities are; what a family does not allow is left out and named. Immutable
 * and thread-safe.
 *
 * @param steps the steps, done in the order of {@link ProcessingStep}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WeightProcessing(Set<ProcessingStep> steps) {

  /** Copies. */
  public WeightProcessing {
    EnumSet<ProcessingStep> ordered = EnumSet.noneOf(ProcessingStep.class);
    ordered.addAll(steps);
    steps = Collections.unmodifiableSet(ordered);
  }

  /** Every step but the refactoring of attention, as TransformerLens' {@code HookedTransformer}. */
  public static WeightProcessing standard() {
    return new WeightProcessing(
        EnumSet.complementOf(EnumSet.of(ProcessingStep.REFACTOR_ATTENTION)));
  }

  /** The given steps. */
  public static WeightProcessing of(ProcessingStep... steps) {
    return new WeightProcessing(Set.of(steps));
  }

  /** These steps and one more. */
  public WeightProcessing and(ProcessingStep step) {
    EnumSet<ProcessingStep> more = EnumSet.of(step);
    more.addAll(steps);
    return new WeightProcessing(more);
  }

  /**
   * New weights, in double precision.
   *
   * @param weights stay as they are
   */
  public ProcessedWeights apply(TransformerWeights weights) {
    EnumSet<ProcessingStep> applied = EnumSet.noneOf(ProcessingStep.class);
    List<SkippedStep> skipped = new ArrayList<>();
    TransformerWeights processed = weights;
    for (ProcessingStep step : steps) {
      Optional<String> obstacle = obstacle(step, processed);
      obstacle.ifPresent(reason -> skipped.add(new SkippedStep(step, reason)));
      if (obstacle.isEmpty()
          || (step == ProcessingStep.FOLD_NORMS && processed.lnFinal() != null)) {
        applied.add(step);
        processed = applied(step, processed);
      }
    }
    return new ProcessedWeights(processed, applied, skipped);
  }

  private static Optional<String> obstacle(ProcessingStep step, TransformerWeights weights) {
    return switch (step) {
      case FOLD_NORMS -> NormFolding.obstacle(weights);
      case CENTRE_WRITING_WEIGHTS -> Centring.obstacleOfWriting(weights);
      case CENTRE_UNEMBEDDING -> Centring.obstacleOfUnembedding(weights);
      case FOLD_VALUE_BIASES -> Optional.empty();
      case REFACTOR_ATTENTION -> AttentionRefactoring.obstacle(weights);
    };
  }

  private static TransformerWeights applied(ProcessingStep step, TransformerWeights weights) {
    return switch (step) {
      case FOLD_NORMS -> NormFolding.fold(weights);
      case CENTRE_WRITING_WEIGHTS -> Centring.writing(weights);
      case CENTRE_UNEMBEDDING -> Centring.unembedding(weights);
      case FOLD_VALUE_BIASES -> weights.mapLayers(ValueBiases::fold);
      case REFACTOR_ATTENTION -> weights.mapLayers(AttentionRefactoring::refactor);
    };
  }
}
