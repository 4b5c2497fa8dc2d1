package org.alignment4j.api.oversight;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Measures what oversight is worth: the same questions under several arms, such as naive judge,
 * consultancy, debate and expert.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface OversightStudy {

  /**
   * Returns what is compared.
   *
   * @return the arms' names, in the order to show them
   */
  List<String> arms();

  /**
   * Runs every arm on the same questions.
   *
   * @param context seed, budget, progress and cancellation
   * @return an estimate for each arm and metric
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  StudyResult run(OversightContext context);
}
