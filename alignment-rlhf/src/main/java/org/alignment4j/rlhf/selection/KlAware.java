package org.alignment4j.rlhf.selection;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Another strategy over {@code r − β·(log π − log π₀)} in place of rewards.
 *
 * @param selection the other strategy
 * @param beta β, not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KlAware(Selection selection, double beta) implements Selection {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when β is negative or not finite
   */
  public KlAware {
    Objects.requireNonNull(selection, "selection");
    if (!(beta >= 0) || Double.isInfinite(beta)) {
      throw new IllegalArgumentException("beta must be finite and not negative but was " + beta);
    }
  }

  @Override
  public List<Integer> select(List<Candidate> candidates) {
    return selection.select(
        candidates.stream()
            .map(c -> new Candidate(c.prompt(), c.reward() - beta * c.logRatio(), c.logRatio()))
            .toList());
  }

  @Override
  public boolean usesLogRatios() {
    return true;
  }
}
