package org.alignment4j.rlhf.loss;

import org.apiguardian.api.API;

/**
 * A loss over single answers evaluated on a batch, in double precision. Every array is {@code
 * [examples]}.
 *
 * @param losses loss of each answer
 * @param loss their mean
 * @param rewards implicit rewards {@code β·(log π − log π_ref)}
 * @param gradients gradient of {@code loss} by the policy's log-probabilities
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UnpairedLossValues(
    double[] losses, double loss, double[] rewards, double[] gradients) {}
