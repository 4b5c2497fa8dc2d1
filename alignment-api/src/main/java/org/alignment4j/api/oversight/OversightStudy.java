package org.alignment4j.api.oversight;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Measures what oversight is worth: the same questions under several arms, such as naive judge,
 * consultancy, debate and expert.
 *
 * <p>A study takes no budget from its context: arms that one budget ends one after the other cannot
 * be compared, and what questions cost that fail or are tried again is known only where every call
 * is counted, by what records the calls of the roles. There a budget covers all arms, questions and
 * repetitions together. An arm that it leaves without any verdict ends the study, and what was paid
 * for is kept.
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
   * @param context seed, progress and cancellation; its budget must be unlimited
   * @return an estimate for each arm and metric
   * @throws IllegalArgumentException when the context has a budget; nothing is called then
   * @throws org.alignment4j.api.AlignmentException when an arm has no verdict at all
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  StudyResult run(OversightContext context);
}
