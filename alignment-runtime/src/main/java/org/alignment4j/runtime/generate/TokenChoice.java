package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * A token and its log-probability.
 *
 * @param token its id
 * @param logProb natural logarithm of its probability under the distribution it was taken from
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenChoice(int token, double logProb) {}
