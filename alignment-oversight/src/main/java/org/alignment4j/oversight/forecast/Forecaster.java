package org.alignment4j.oversight.forecast;

import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/** Gives a number for what it is shown: a model, a person, a rule. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Forecaster {

  /**
   * Forecasts.
   *
   * @param view what the role knows; the question is the statement or quantity
   * @param context seed, budget, progress and cancellation
   * @return the number, or none
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model behind it fails
   */
  Forecast forecast(View view, OversightContext context);
}
