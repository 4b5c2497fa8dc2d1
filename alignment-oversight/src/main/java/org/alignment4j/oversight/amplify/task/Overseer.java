package org.alignment4j.oversight.amplify.task;

import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * Answers a question by asking easier ones, one after the other. Immutable.
 *
 * @param <Q> the questions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Overseer<Q> {

  /**
   * Answers.
   *
   * @param assistant who is asked
   * @return the answer; empty ("idk") when an answer that was needed was not to be had
   */
  OptionalInt combine(Q question, Assistant<Q> assistant);
}
