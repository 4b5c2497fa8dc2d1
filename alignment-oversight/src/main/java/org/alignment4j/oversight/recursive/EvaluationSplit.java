package org.alignment4j.oversight.recursive;

import java.util.List;
import org.alignment4j.oversight.ChoiceQuestion;
import org.apiguardian.api.API;

/**
 * Splits the evaluation of two outputs into subtasks for a helper: find a flaw of one of them,
 * check one fact, summarise, compare two passages (Leike et al. 2018, section 3.1).
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface EvaluationSplit {

  /**
   * Returns what the helper is asked, in order; the helper sees outputs and sources too.
   *
   * @param outputs the task as the question, its two outputs as options, its sources as material
   */
  List<String> subtasks(ChoiceQuestion outputs);
}
