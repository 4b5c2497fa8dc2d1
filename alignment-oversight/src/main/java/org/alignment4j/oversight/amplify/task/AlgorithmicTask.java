package org.alignment4j.oversight.amplify.task;

import java.util.List;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * Questions about fixed facts whose answers are computable, and how an overseer answers a question
 * from the answers to easier ones (Christiano et al. 2018, section 3 and table 1). Immutable.
 *
 * @param <Q> the questions, which are equal when they ask the same
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface AlgorithmicTask<Q> extends Overseer<Q> {

  /** Every question that is to be learnt, in a fixed order. */
  List<Q> questions();

  /**
   * Returns the class of a question: 0 when the facts alone answer it, and at most one more than
   * the hardest question whose answer its decomposition needs.
   */
  int difficulty(Q question);

  /**
   * Returns the answer to a question that the facts alone answer; empty for others and for those
   * that ask nothing, such as about an object that is not there.
   */
  OptionalInt simple(Q question);

  /** Returns the true answer, computed otherwise than by the decomposition. */
  int exact(Q question);

  /**
   * Returns whether an answer is right; where several are as good, such as the first steps of
   * shortest paths, each of them is.
   */
  default boolean right(Q question, int answer) {
    return answer == exact(question);
  }

  /** Returns an answer that could be given to such a question, to be wrong with. */
  AnswerRange range(Q question);
}
