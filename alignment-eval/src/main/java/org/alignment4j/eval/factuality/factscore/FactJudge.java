package org.alignment4j.eval.factuality.factscore;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.core.judge.Judgement;
import org.apiguardian.api.API;

/**
 * Says whether passages support a fact; {@link FactJudges} has those by models. Implementations are
 * safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface FactJudge {

  /**
   * Returns what tells this judge from others, by which results are filed: two that could judge
   * differently never share it.
   *
   * @return the identity, never empty
   */
  String id();

  /**
   * Judges facts.
   *
   * @param questions of any number of answers; may be empty
   * @param cancellation asks to stop at the next call
   * @return for each, in order, whether it is supported, or no verdict
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  List<Judgement<Boolean>> judge(List<FactQuestion> questions, CancellationToken cancellation);

  /**
   * Returns the identities of the models that it asks; none of them may judge its own answers.
   *
   * @return see {@link org.alignment4j.api.model.Model#id}; empty when it asks none
   */
  default Set<String> judges() {
    return Set.of();
  }
}
