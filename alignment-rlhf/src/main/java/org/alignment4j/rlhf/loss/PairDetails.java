package org.alignment4j.rlhf.loss;

import java.util.Optional;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What few losses see of a batch of pairs. A value is there when the loss names it among its
 * {@linkplain PreferenceLoss#inputs() inputs}.
 *
 * @param shared log-probabilities of equally long beginnings of the answers, for {@link
 *     PairInput#SHARED_TOKENS}
 * @param prompts log-probabilities of the prompts, for {@link PairInput#PROMPT_TOKENS}
 * @param means mean lengths over the update, for {@link PairInput#MEAN_LENGTHS}
 * @param order the numbers from 0 to the number of pairs less one, {@code [pairs]}, for {@link
 *     PairInput#WHOLE_UPDATE}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairDetails(
    Optional<SharedLogProbs> shared,
    Optional<PromptLogProbs> prompts,
    Optional<MeanLengths> means,
    Optional<Value> order) {

  /**
   * Returns no details.
   *
   * @return every value absent
   */
  public static PairDetails none() {
    return new PairDetails(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Returns the details of the same pairs with the answers exchanged.
   *
   * @return new details
   */
  public PairDetails swapped() {
    return new PairDetails(shared.map(SharedLogProbs::swapped), prompts, means, order);
  }
}
