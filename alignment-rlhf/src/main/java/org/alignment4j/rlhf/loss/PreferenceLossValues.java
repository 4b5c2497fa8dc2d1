package org.alignment4j.rlhf.loss;

import org.apiguardian.api.API;

/**
 * A preference loss evaluated on a batch, in double precision. Every array is {@code [pairs]}.
 *
 * @param losses loss of each pair
 * @param loss their mean
 * @param chosenRewards implicit rewards of the preferred answers, as the loss {@linkplain
 *     PreferenceLoss#reward defines} them
 * @param rejectedRewards implicit rewards of the other answers
 * @param chosenGradients gradient of {@code loss} by the policy's log-probabilities of the
 *     preferred answers
 * @param rejectedGradients gradient of {@code loss} by those of the other answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PreferenceLossValues(
    double[] losses,
    double loss,
    double[] chosenRewards,
    double[] rejectedRewards,
    double[] chosenGradients,
    double[] rejectedGradients) {}
