package org.alignment4j.oversight.market;

import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.apiguardian.api.API;

/**
 * An overseer of claims about sums who can add two numbers and no more. It checks each partial sum
 * of the arguments; when they leave one number, it knows the truth, and before that nothing.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PairAdder implements Forecaster {

  /**
   * Judges a claim.
   *
   * @return 1 or 0 when the partial sums leave one number, else ½
   * @throws IllegalArgumentException if the question is no sum as {@link IntegerSums} writes them
   */
  @Override
  public Forecast forecast(View view, OversightContext context) {
    SumLedger ledger = SumLedger.of(view);
    boolean known = ledger.left().size() == 1;
    double belief = !known ? 0.5 : ledger.left().get(0) == ledger.claimed() ? 1 : 0;
    return Forecast.of(belief, Usage.NONE);
  }
}
