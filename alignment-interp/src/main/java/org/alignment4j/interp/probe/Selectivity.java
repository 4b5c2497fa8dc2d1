package org.alignment4j.interp.probe;

import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * What a probe can learn by heart, subtracted (Hewitt and Liang 2019, arXiv 1909.03368): the
 * control task gives each type of token a random class, which no representation holds.
 *
 * @param task accuracy on the task
 * @param control accuracy on the control task, on the same tested rows
 * @param selectivity task minus control over the same rows, with an interval over groups
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Selectivity(Estimate task, Estimate control, Estimate selectivity) {}
