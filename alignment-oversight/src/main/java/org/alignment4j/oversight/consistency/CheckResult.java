package org.alignment4j.oversight.consistency;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.oversight.forecast.Forecast;
import org.apiguardian.api.API;

/**
 * What a check came to.
 *
 * @param violation how far the forecasts contradict each other, in [0, 1]; empty when one is
 *     missing
 * @param noise the same for repeated prompts; empty when one is missing
 * @param arbitrage what a bettor earns for sure against the forecasts; empty when one is missing or
 *     they are not of probabilities
 * @param undefined whether the violation was set because the forecasts leave it undefined
 * @param forecasts one for each statement, as far as they were asked
 * @param repeated one for each repeat, as far as they were asked
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CheckResult(
    OptionalDouble violation,
    OptionalDouble noise,
    OptionalDouble arbitrage,
    boolean undefined,
    List<Forecast> forecasts,
    List<Forecast> repeated) {

  /** Differences of decimal fractions are off by less. */
  private static final double ROUNDING = 1e-9;

  /** Copies. */
  public CheckResult {
    forecasts = List.copyOf(forecasts);
    repeated = List.copyOf(repeated);
  }

  /** Evaluates forecasts of a check, of which some may be missing. */
  static CheckResult of(ConsistencyCheck check, List<Forecast> forecasts, List<Forecast> repeated) {
    if (!all(forecasts, check.statements().size())) {
      return new CheckResult(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          false,
          forecasts,
          repeated);
    }
    double[] values = values(forecasts);
    return new CheckResult(
        OptionalDouble.of(check.violation(values)),
        all(repeated, check.repeats().size())
            ? OptionalDouble.of(check.noise(values, values(repeated)))
            : OptionalDouble.empty(),
        check.arbitrage(values),
        check.undefined(values),
        forecasts,
        repeated);
  }

  private static boolean all(List<Forecast> forecasts, int wanted) {
    return forecasts.size() == wanted && forecasts.stream().allMatch(f -> f.value().isPresent());
  }

  private static double[] values(List<Forecast> forecasts) {
    return forecasts.stream().mapToDouble(f -> f.value().orElseThrow()).toArray();
  }

  /** Whether it is a strong violation, more than {@link Violation#STRONG}. */
  public boolean strong() {
    return violation.orElse(0) > Violation.STRONG + ROUNDING;
  }
}
