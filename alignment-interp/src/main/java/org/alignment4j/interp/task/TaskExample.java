package org.alignment4j.interp.task;

import java.util.Objects;
import org.alignment4j.interp.patch.ContrastPair;
import org.apiguardian.api.API;

/**
 * An example of a task.
 *
 * @param pair its prompts as tokens, and its metric
 * @param clean the clean prompt as text
 * @param corrupted the corrupted prompt as text
 * @param answer what continues the clean prompt rightly
 * @param wrong what continues it wrongly
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TaskExample(
    ContrastPair pair, String clean, String corrupted, String answer, String wrong) {

  /** Checks that nothing is missing. */
  public TaskExample {
    Objects.requireNonNull(pair, "pair");
    Objects.requireNonNull(clean, "clean");
    Objects.requireNonNull(corrupted, "corrupted");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(wrong, "wrong");
  }
}
