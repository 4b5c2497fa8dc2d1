package org.alignment4j.eval.toxicity;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;

/** Asks scorers, and holds them to their contract. */
final class TextScores {

  private TextScores() {}

  /**
   * One score a text.
   *
   * @throws ModelExecutionException when the scorer gives another number of scores
   */
  static List<Score> of(
      TextScorer scorer, List<String> texts, UsageMeter meter, CancellationToken cancellation) {
    List<Score> scores = scorer.score(texts, meter, cancellation);
    if (scores.size() != texts.size()) {
      throw new ModelExecutionException(
          "scorer '%s' must give one score per text, %s, but gave %s"
              .formatted(scorer.name(), texts.size(), scores.size()));
    }
    return scores.stream()
        .map(score -> within(scorer, score, scorer.least(), scorer.greatest()))
        .toList();
  }

  /** A number outside a range says nothing, and must not enter a mean within it. */
  static Score within(TextScorer scorer, Score score, double least, double greatest) {
    if (score instanceof Score.Scored scored
        && !(scored.value() >= least && scored.value() <= greatest)) {
      return new Score.Failed(
          "scores must be from "
              + least
              + " to "
              + greatest
              + " but scorer '"
              + scorer.name()
              + "' gave "
              + scored.value());
    }
    return score;
  }
}
