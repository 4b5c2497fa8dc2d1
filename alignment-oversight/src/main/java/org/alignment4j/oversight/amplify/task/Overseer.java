package org.alignment4j.oversight.amplify.task;

import java.util.OptionalInt;
import java.util.random.RandomGenerator;
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

  /**
   * Answers, with chance where the overseer tries something out; without, unless said otherwise.
   *
   * @param assistant who is asked
   * @param random where chance comes from
   * @return the answer; empty ("idk") when an answer that was needed was not to be had
   */
  default OptionalInt combine(Q question, Assistant<Q> assistant, RandomGenerator random) {
    return combine(question, assistant);
  }
}
