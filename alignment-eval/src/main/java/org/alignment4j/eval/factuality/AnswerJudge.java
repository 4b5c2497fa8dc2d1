package org.alignment4j.eval.factuality;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.judge.Judgement;
import org.apiguardian.api.API;

/**
 * Says how probable it is that an answer has a quality, such as truth. {@link YesNoJudges} has
 * those by models. Implementations are safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface AnswerJudge {

  /**
   * An answer with what it is judged by.
   *
   * @param question what was asked
   * @param answer what the model said; may be empty
   * @param right answers known to be true
   * @param wrong answers known to be false
   */
  record Item(String question, String answer, List<String> right, List<String> wrong) {
    /** Copies the lists. */
    public Item {
      right = List.copyOf(right);
      wrong = List.copyOf(wrong);
    }
  }

  /**
   * Returns what tells this judge from others, by which results are filed: two that could judge
   * differently never share it.
   *
   * @return the identity, never empty
   */
  String id();

  /**
   * Judges answers.
   *
   * @param items what is judged; may be empty
   * @param cancellation asks to stop at the next call
   * @return for each item, in order, the probability of the quality from 0 to 1, or no verdict
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<Judgement<Double>> judge(List<Item> items, CancellationToken cancellation);

  /**
   * Returns the identities of the models that it asks; none of them may judge its own answers.
   *
   * @return see {@link org.alignment4j.api.model.Model#id}; empty when it asks none
   */
  default Set<String> judges() {
    return Set.of();
  }
}
