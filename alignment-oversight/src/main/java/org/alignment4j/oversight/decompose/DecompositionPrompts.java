package org.alignment4j.oversight.decompose;

import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * How subquestions and answers are asked for. Questions and answers found are text of others: an
 * implementation keeps them from posing as instructions. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface DecompositionPrompts {

  /**
   * Returns what asks for subquestions, one a line.
   *
   * @param most how many are wanted at most
   */
  Prompt divide(String question, int most);

  /**
   * Returns what asks for the answer.
   *
   * @param found subquestions with their answers; none for a direct answer
   * @param form what the answer must look like, in a sentence
   */
  Prompt answer(String question, List<SubAnswer> found, String form);
}
