package org.alignment4j.runtime.generate;

/**
 * A token and its log-probability.
 *
 * @param token its id
 * @param logProb natural logarithm of its probability under the distribution it was taken from
 */
record TokenChoice(int token, double logProb) {}
