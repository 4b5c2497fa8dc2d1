package org.alignment4j.api.reward;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/** Says which of two answers is better: a judge model, a reward model, a person. */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface PreferenceLabeler {

  /**
   * Labels every comparison.
   *
   * @param comparisons what to label; may be empty
   * @param cancellation asks to stop at the next comparison
   * @return for each comparison, in order, the probability that the first answer is better; empty
   *     where no verdict could be had
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the labeler fails
   */
  List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken cancellation);
}
