package org.alignment4j.rlhf.loss;

import org.apiguardian.api.API;

/**
 * A reward loss evaluated on a batch, in double precision. Every array is {@code [pairs]}.
 *
 * @param losses loss of each pair
 * @param loss their mean
 * @param chosenGradients gradient of {@code loss} by the rewards of the preferred answers
 * @param rejectedGradients gradient of {@code loss} by the rewards of the other answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardLossValues(
    double[] losses, double loss, double[] chosenGradients, double[] rejectedGradients) {}
