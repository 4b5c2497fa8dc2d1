package org.alignment4j.api.hook;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A detector of one property in a model's activations, such as truthfulness or a backdoor's
 * trigger. Immutable and safe for concurrent use.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface Probe {

  /**
   * Returns what is detected.
   *
   * @return a short name, such as {@code truth}
   */
  String name();

  /**
   * Returns where the probe reads.
   *
   * @return the hook point
   */
  HookPoint<? extends Axes.Positions> point();

  /**
   * Scores every token of every sequence.
   *
   * @param model the model whose activations to read
   * @param sequences the tokens of each
   * @param cancellation asks to stop at the next batch
   * @return for each sequence one score per token, higher for more of the property; 0 is the
   *     decision boundary
   * @throws IllegalArgumentException when the model lacks the hook point or its width differs from
   *     the probe's
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<double[]> scores(
      HookedModel model, List<TokenIds> sequences, CancellationToken cancellation);
}
