package org.alignment4j.oversight.market;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.agent.Wording;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.apiguardian.api.API;

/**
 * What the overseer believes without arguments: what a market must improve on. Immutable.
 *
 * @param overseer the overseer, H
 * @param wording what it is asked; uses nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UnaidedOverseer(Forecaster overseer, Wording wording)
    implements OversightProtocol<Claim, OptionalDouble> {

  /** Checks that nothing is missing. */
  public UnaidedOverseer {
    Objects.requireNonNull(overseer, "overseer");
    Objects.requireNonNull(wording, "wording");
  }

  /** Returns the baseline of a market. */
  public static UnaidedOverseer of(MarketMaking market) {
    return new UnaidedOverseer(market.overseer(), market.wording().overseer());
  }

  @Override
  public Outcome<OptionalDouble> run(Claim claim, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("unaided overseer", claim.text(), context, OptionalLong.of(1));
    View view =
        new View(
            MarketMaking.OVERSEER,
            0,
            wording.render(Map.of()),
            claim.text(),
            List.of(),
            List.of(),
            List.of());
    try {
      Forecast forecast = overseer.forecast(view, proceedings.next());
      proceedings.spend(forecast.usage());
      return proceedings.outcome(forecast.value());
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(OptionalDouble.empty(), limit);
    }
  }
}
