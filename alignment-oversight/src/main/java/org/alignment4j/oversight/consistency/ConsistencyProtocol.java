package org.alignment4j.oversight.consistency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.agent.Wording;
import org.alignment4j.oversight.forecast.Forecast;
import org.alignment4j.oversight.forecast.Forecaster;
import org.apiguardian.api.API;

/**
 * Asks a forecaster for every statement of a check, each as if it were alone, and repeats some for
 * the noise. Immutable; as safe for concurrent runs as the forecaster.
 *
 * @param forecaster who is checked
 * @param wording what the forecaster is asked; uses nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConsistencyProtocol(Forecaster forecaster, Wording wording)
    implements OversightProtocol<ConsistencyCheck, CheckResult> {
  private static final String ROLE = "Forecaster";

  /** Checks that nothing is missing. */
  public ConsistencyProtocol {
    Objects.requireNonNull(forecaster, "forecaster");
    Objects.requireNonNull(wording, "wording");
  }

  /** Returns the protocol with the bundled wording, which asks for probabilities. */
  public static ConsistencyProtocol of(Forecaster forecaster) {
    return new ConsistencyProtocol(
        forecaster, Wording.bundled(ConsistencyProtocol.class, "probability.txt", Set.of()));
  }

  /**
   * Runs a check.
   *
   * @throws IllegalArgumentException if a forecast is not of the kind that the check is about, such
   *     as a probability above 1
   */
  @Override
  public Outcome<CheckResult> run(ConsistencyCheck check, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open(
            "consistency check",
            String.join("\n", check.statements()),
            context,
            OptionalLong.of(check.statements().size() + check.repeats().size()));
    List<Forecast> forecasts = new ArrayList<>();
    List<Forecast> repeated = new ArrayList<>();
    try {
      int number = 0;
      for (String statement : check.statements()) {
        forecasts.add(ask(proceedings, statement, number++));
      }
      for (String statement : check.repeats()) {
        repeated.add(ask(proceedings, statement, number++));
      }
      return proceedings.outcome(CheckResult.of(check, forecasts, repeated));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(CheckResult.of(check, forecasts, repeated), limit);
    }
  }

  /** The number of the question is its round, from which its seed follows. */
  private Forecast ask(Proceedings proceedings, String statement, int number) {
    View view =
        new View(
            ROLE, number, wording.render(Map.of()), statement, List.of(), List.of(), List.of());
    Forecast forecast = forecaster.forecast(view, proceedings.next());
    proceedings.spend(forecast.usage());
    String said = forecast.value().isPresent() ? "" + forecast.value().getAsDouble() : "(none)";
    proceedings.hear(
        new Turn(
            ROLE,
            number,
            statement + "\n" + said,
            "",
            forecast.value().isPresent(),
            1,
            forecast.usage()));
    return forecast;
  }
}
