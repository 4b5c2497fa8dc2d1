package org.alignment4j.api.oversight;

import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * Prompts in, training examples out: a constitution, SELF-ALIGN, step labelling. Safe for
 * concurrent calls.
 *
 * @param <E> the examples, such as {@link org.alignment4j.api.reward.PreferencePair}
 */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface FeedbackGenerator<E> {

  /**
   * Makes examples.
   *
   * @param prompts what to make examples of
   * @param context seed, budget, progress and cancellation
   * @return the examples; fewer when the budget ends first
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  Feedback<E> generate(List<? extends Prompt> prompts, OversightContext context);
}
