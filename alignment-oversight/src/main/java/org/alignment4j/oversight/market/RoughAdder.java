package org.alignment4j.oversight.market;

import java.util.SplittableRandom;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.apiguardian.api.API;

/**
 * A market maker for claims about sums that sees the total of what is left with a normal error for
 * each addition that is left, and weighs by Bayes' rule whether the claim is true or off by 1 to 20
 * either way. With every partial sum that can be checked it is surer of the truth, and with none of
 * them left it knows. Immutable.
 *
 * @param error standard deviation of the error of one addition; errors of several add up in square
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RoughAdder(double error) implements Forecaster {
  private static final int FARTHEST = 20;

  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException if the error is not positive and finite
   */
  public RoughAdder {
    if (!(error > 0) || Double.isInfinite(error)) {
      throw new IllegalArgumentException("error must be positive and finite but was " + error);
    }
  }

  /**
   * Predicts.
   *
   * @throws IllegalArgumentException if the question is no sum as {@link IntegerSums} writes them
   */
  @Override
  public Forecast forecast(View view, OversightContext context) {
    SumLedger ledger = SumLedger.of(view);
    long total = ledger.left().stream().mapToLong(Long::longValue).sum();
    int additions = ledger.left().size() - 1;
    if (additions == 0) {
      return Forecast.of(total == ledger.claimed() ? 1 : 0, Usage.NONE);
    }
    double deviation = error * Math.sqrt(additions);
    // The same look at the same numbers errs alike, whenever it is taken.
    long seed = CallSeed.part(0, view.question() + ledger.left());
    double seen = total + deviation * new SplittableRandom(seed).nextGaussian();
    double ifTrue = density((seen - ledger.claimed()) / deviation);
    double ifFalse = 0;
    for (int off = 1; off <= FARTHEST; off++) {
      ifFalse += density((seen - ledger.claimed() + off) / deviation);
      ifFalse += density((seen - ledger.claimed() - off) / deviation);
    }
    ifFalse /= 2 * FARTHEST;
    double sum = ifTrue + ifFalse;
    return Forecast.of(sum > 0 ? ifTrue / sum : 0.5, Usage.NONE);
  }

  private static double density(double distance) {
    return Math.exp(-distance * distance / 2);
  }
}
