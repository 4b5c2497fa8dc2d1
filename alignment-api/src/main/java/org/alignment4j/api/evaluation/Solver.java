package org.alignment4j.api.evaluation;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Model;
import org.apiguardian.api.API;

/** Puts samples to a model: what is asked, how often, in what form. Safe for concurrent calls. */
@API(status = API.Status.STABLE, since = "0.1")
public interface Solver {

  /**
   * Returns what a model must be able to do, so that a run can be refused before its first call.
   *
   * @return capabilities, such as {@link org.alignment4j.api.model.LikelihoodModel}
   */
  Set<Class<? extends Model>> requires();

  /**
   * Answers a batch of samples.
   *
   * @param samples what to ask
   * @param model whom to ask; has every capability required
   * @param cancellation asks to stop at the next call
   * @return one answer per sample, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation);
}
