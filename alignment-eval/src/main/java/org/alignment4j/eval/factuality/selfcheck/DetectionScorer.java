package org.alignment4j.eval.factuality.selfcheck;

import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;

/** The score of a sentence. */
record DetectionScorer() implements Scorer {

  /** What the other figures are made of. */
  static final String SCORE = "sentence_score";

  @Override
  public Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation) {
    SentenceScore score = ScoreLine.parse(answer.completions().get(0).text());
    return Map.of(
        SCORE,
        score.value().isPresent()
            ? new Score.Scored(score.value().getAsDouble())
            : new Score.Unscored("no sample gave a verdict"));
  }
}
