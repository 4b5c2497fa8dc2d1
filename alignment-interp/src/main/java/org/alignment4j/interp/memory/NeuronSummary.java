package org.alignment4j.interp.memory;

import org.apiguardian.api.API;

/**
 * What a neuron did over a corpus.
 *
 * @param tokens tokens seen
 * @param mean mean activation; NaN without tokens
 * @param deviation sample standard deviation; NaN below two tokens
 * @param minimum least activation; NaN without tokens
 * @param maximum greatest activation; NaN without tokens
 * @param firingRate share of tokens at which it was above 0; NaN without tokens
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronSummary(
    long tokens,
    double mean,
    double deviation,
    double minimum,
    double maximum,
    double firingRate) {}
