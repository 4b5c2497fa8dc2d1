package org.alignment4j.rlhf.selection;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Which of sampled answers are learned from (RAFT: Dong et al. 2023, arXiv 2304.06767, section 3).
 * Pure and immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Selection permits BestPerPrompt, TopShare, KlAware {

  /**
   * Selects.
   *
   * @param candidates answers in the order they were sampled; may be empty
   * @return places of the selected ones, ascending
   */
  List<Integer> select(List<Candidate> candidates);

  /**
   * Returns whether {@link Candidate#logRatio()} is read.
   *
   * @return false unless a strategy says otherwise
   */
  default boolean usesLogRatios() {
    return false;
  }

  /**
   * Returns the best answer to each prompt ("local"); of equal rewards the first.
   *
   * @return the strategy
   */
  static Selection bestPerPrompt() {
    return new BestPerPrompt();
  }

  /**
   * Returns the best answers of all prompts together ("top"); of equal rewards the first. Prompts
   * whose answers score low whatever they are lose their part: watch the coverage.
   *
   * @param share of the answers, in (0, 1]; 0.2 in the paper
   * @return the strategy
   * @throws IllegalArgumentException when the share is out of range
   */
  static Selection topShare(double share) {
    return new TopShare(share);
  }

  /**
   * Returns this strategy over rewards with a penalty on answers that became more likely: {@code r
   * − β·(log π − log π₀)}.
   *
   * @param beta β, not negative; 0 changes nothing
   * @return the strategy
   * @throws IllegalArgumentException when β is negative or not finite
   */
  default Selection klAware(double beta) {
    return new KlAware(this, beta);
  }
}
