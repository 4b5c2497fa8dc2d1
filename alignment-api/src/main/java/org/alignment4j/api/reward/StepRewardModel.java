package org.alignment4j.api.reward;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Model;
import org.apiguardian.api.API;

/** Scores the steps of answers (a process reward model). Safe for concurrent calls. */
@API(status = API.Status.STABLE, since = "0.1")
public interface StepRewardModel extends Model {

  /**
   * Scores every step of every answer.
   *
   * @param solutions answers in steps; may be empty
   * @param cancellation asks to stop at the next batch
   * @return for each answer, in order, the probability from 0 to 1 that each step is correct
   * @throws IllegalArgumentException when an answer does not fit the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<double[]> scoreSteps(List<StepwiseSolution> solutions, CancellationToken cancellation);
}
