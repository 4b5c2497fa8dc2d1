package org.alignment4j.oversight.amplify.task;

import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * Answers questions of an overseer.
 *
 * @param <Q> the questions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Assistant<Q> {

  /** Returns the answer; empty for "idk". */
  OptionalInt ask(Q question);
}
