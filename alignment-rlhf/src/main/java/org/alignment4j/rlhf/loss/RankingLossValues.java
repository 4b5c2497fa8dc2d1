package org.alignment4j.rlhf.loss;

import org.apiguardian.api.API;

/**
 * A loss over a ranking evaluated on one prompt, in double precision.
 *
 * @param loss loss of the prompt
 * @param gradients gradient of {@code loss} by the policy's log-probabilities, in the order the
 *     answers were given
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RankingLossValues(double loss, double[] gradients) {}
