package org.alignment4j.rlhf.loss;

import java.util.Objects;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Identity preference optimisation (Azar et al. 2023, eq. 17): {@code (d − 1/(2β))²}. Its authors
 * mean log ratios averaged over tokens; the first public implementation summed them.
 *
 * @param beta β (τ in the paper), positive and finite
 * @param ratios how the log ratio of an answer comes from those of its tokens
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IpoLoss(double beta, Ratios ratios) implements PreferenceLoss {

  /** How the log ratio of an answer comes from those of its tokens. */
  public enum Ratios {
    /** The mean over its tokens. */
    LENGTH_AVERAGED,
    /** The sum over its tokens. */
    SUMMED
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public IpoLoss {
    Settings.requireBeta(beta);
    Objects.requireNonNull(ratios, "ratios");
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value d =
        switch (ratios) {
          case SUMMED -> pairs.difference(ops);
          case LENGTH_AVERAGED ->
              ops.sub(
                  ops.div(pairs.chosenRatio(ops), pairs.chosenLengths()),
                  ops.div(pairs.rejectedRatio(ops), pairs.rejectedLengths()));
        };
    return ops.square(ops.shift(d, -1 / (2 * beta)));
  }
}
