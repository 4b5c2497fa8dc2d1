package org.alignment4j.rlhf.reward;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.apiguardian.api.API;

/**
 * Says how likely statements about answers are true: that an answer breaks a rule (Sparrow: Glaese
 * et al. 2022, arXiv 2209.14375), or that it apologises, refuses, judges (rule-based rewards: Mu et
 * al. 2024, arXiv 2411.01111). Safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface PropositionGrader {

  /**
   * Returns the statements' names, as components of rewards and messages show them.
   *
   * @return at least one, all different
   */
  List<String> names();

  /**
   * Returns the identity of the grader; see {@link org.alignment4j.api.model.Model#id}.
   *
   * @return the identity, without secrets
   */
  String id();

  /**
   * Grades answers.
   *
   * @param answers prompts with answers; may be empty
   * @param cancellation asks to stop
   * @return for each answer, in order, the probability of each statement, in the order of their
   *     names
   * @throws IllegalArgumentException when an answer does not fit the grader
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a statement cannot be graded
   */
  List<double[]> probabilities(List<PromptCompletion> answers, CancellationToken cancellation);
}
