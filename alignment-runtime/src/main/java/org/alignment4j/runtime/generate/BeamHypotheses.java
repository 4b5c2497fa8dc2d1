package org.alignment4j.runtime.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.alignment4j.api.model.BeamSearchOptions;

/**
 * The best finished hypotheses of one prompt, as many as beams at most, with the rule by which the
 * search ends (Hugging Face transformers 4.47, {@code BeamHypotheses}). Used by one thread.
 */
final class BeamHypotheses {

  /**
   * A finished hypothesis.
   *
   * @param score the sum of its log-probabilities over its length to the power of the length
   *     penalty
   */
  record Finished(Beam beam, double score) {}

  private final BeamSearchOptions options;
  private final int maxTokens;
  private final List<Finished> best = new ArrayList<>();

  /**
   * No hypotheses yet.
   *
   * @param maxTokens most tokens that a hypothesis can have
   */
  BeamHypotheses(BeamSearchOptions options, int maxTokens) {
    this.options = options;
    this.maxTokens = maxTokens;
  }

  /** Takes a hypothesis in, if it is among the best; of equal ones the earlier. */
  void add(Beam beam) {
    best.add(new Finished(beam, score(beam.sum(), beam.generated())));
    best.sort(Comparator.comparingDouble(Finished::score).reversed());
    if (best.size() > options.beams()) {
      best.remove(best.size() - 1);
    }
  }

  private double score(double sum, int tokens) {
    return sum / Math.pow(tokens, options.lengthPenalty());
  }

  /**
   * Whether the search ends.
   *
   * @param bestSum the highest sum of log-probabilities of all candidates of this step
   * @param tokens tokens of the candidates
   */
  boolean done(double bestSum, int tokens) {
    if (best.size() < options.beams()) {
      return false;
    }
    double worst = best.get(best.size() - 1).score();
    return switch (options.earlyStopping()) {
      case AT_ONCE -> true;
      case HEURISTIC -> worst >= score(bestSum, tokens);
      // A sum is negative: the largest divisor gives the highest score.
      case NEVER -> worst >= score(bestSum, options.lengthPenalty() > 0 ? maxTokens : tokens);
    };
  }

  /** The best ones, best first. */
  List<Finished> best(int count) {
    return List.copyOf(best.subList(0, Math.min(count, best.size())));
  }
}
