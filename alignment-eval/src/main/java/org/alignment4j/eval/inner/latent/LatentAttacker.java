package org.alignment4j.eval.inner.latent;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Score;
import org.apiguardian.api.API;

/**
 * Seeks perturbations δ of a model's activations, with ‖δ‖₂ ≤ ε for each token, under which it does
 * what it must not, on a fixed list of prompts. Whoever has the model implements it; safe for calls
 * one after the other.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface LatentAttacker {

  /**
   * Returns the number of prompts.
   *
   * @return at least 1
   */
  int prompts();

  /**
   * Attacks every prompt.
   *
   * @param epsilon ε, not negative, in units of the activations; 0 leaves the model as it is
   * @param cancellation asks to stop
   * @return for each prompt, in order, from 0 to 1 how unacceptable the output is: whether it is,
   *     or how likely it would be; no score where that cannot be told
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<Score> attack(double epsilon, CancellationToken cancellation);

  /**
   * Perturbs every prompt at random, the baseline.
   *
   * @param epsilon norm of the perturbation for each token, not negative
   * @param seed where random numbers start
   * @param cancellation asks to stop
   * @return as {@link #attack}
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<Score> random(double epsilon, long seed, CancellationToken cancellation);
}
