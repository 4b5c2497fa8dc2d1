package org.alignment4j.rlhf.feedback;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.judge.RefusalPhrases;

/** Chooses the best new answers and counts what was dropped. Owned by one run. */
final class RefinementChoice {

  private final RefinementScorer scorer;
  private final RefusalPhrases refusals;
  private final IlfMemory memory;
  private final List<Refinements.Refined> refined = new ArrayList<>();
  private int withoutRefinement;
  private int empty;
  private int unchanged;
  private int refused;

  RefinementChoice(RefinementScorer scorer, RefusalPhrases refusals, IlfMemory memory) {
    this.scorer = scorer;
    this.refusals = refusals;
    this.memory = memory;
  }

  void add(
      int index, LanguageFeedback feedback, List<String> written, CancellationToken cancellation) {
    List<String> candidates = new ArrayList<>();
    for (String text : written) {
      if (text.isBlank()) {
        empty++;
      } else if (text.strip().equals(feedback.answer().strip())) {
        unchanged++;
      } else if (refusals.isRefusal(text)) {
        refused++;
      } else {
        candidates.add(text);
      }
    }
    if (candidates.isEmpty()) {
      withoutRefinement++;
      return;
    }
    double[] scores =
        candidates.size() == 1
            ? new double[] {Double.NaN}
            : memory.scores(scorer, feedback, candidates, cancellation);
    int best = best(index, scores, candidates.size());
    refined.add(
        new Refinements.Refined(
            index, feedback, candidates.get(best), scores[best], candidates.size()));
  }

  /** The first of the greatest. */
  private int best(int index, double[] scores, int candidates) {
    if (scores.length != candidates) {
      throw new IllegalStateException(
          "%s must give a score for each of %s refinements but gave %s"
              .formatted(scorer.id(), candidates, scores.length));
    }
    int best = 0;
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i]) && scores.length > 1) {
        throw new IllegalStateException(
            "%s must give numbers but gave NaN for refinement %s of answer %s"
                .formatted(scorer.id(), i, index));
      }
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  Refinements refinements(int answers, int withoutFeedback) {
    return new Refinements(
        refined,
        new Refinements.Counts(
            answers, withoutFeedback, withoutRefinement, empty, unchanged, refused));
  }
}
