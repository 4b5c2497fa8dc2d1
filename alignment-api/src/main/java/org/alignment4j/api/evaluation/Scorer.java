package org.alignment4j.api.evaluation;

import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/** Judges the answer to a sample on one or several metrics. Safe for concurrent calls. */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface Scorer {

  /**
   * Scores an answer.
   *
   * @param sample what was asked
   * @param answer what the model gave
   * @param cancellation asks a scorer that calls models to stop
   * @return a score by metric name; a metric that does not apply to this sample is absent
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a judge model fails
   */
  Map<String, Score> score(Sample sample, Answer answer, CancellationToken cancellation);

  /**
   * Scores an answer, and tells what models that were asked for it cost. An evaluation calls this
   * one; unless the scorer is a {@link JudgingScorer} no model is asked.
   *
   * @param sample what was asked
   * @param answer what the model gave
   * @param meter told of each call of a model of the scorer's own
   * @param cancellation asks a scorer that calls models to stop
   * @return a score by metric name; a metric that does not apply to this sample is absent
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a judge model fails
   */
  default Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
    return score(sample, answer, cancellation);
  }
}
