package org.alignment4j.oversight.decompose;

import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * How an overseer is asked for its next step and an assistant for an answer. Questions and answers
 * found are text of others: an implementation keeps them from posing as instructions. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface SequentialPrompts {

  /**
   * Returns what asks for the next step.
   *
   * @param found what the assistant was asked so far, with its answers
   * @param form what the reply must look like, in a sentence
   */
  Prompt next(String question, List<SubAnswer> found, String form);

  /**
   * Returns what asks for an answer at once.
   *
   * @param form what the answer must look like, in a sentence
   */
  Prompt direct(String question, String form);
}
