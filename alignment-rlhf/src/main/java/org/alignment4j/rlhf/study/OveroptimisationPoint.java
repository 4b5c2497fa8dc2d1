package org.alignment4j.rlhf.study;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * A policy on its way from the initial one. Intervals are at level 0.95 over prompts.
 *
 * @param label what it is called, such as {@code n = 16} or the name of a checkpoint
 * @param kl KL(π‖π₀) of a whole answer, in nats; exact, without interval, for best of n
 * @param distance √KL, 0 where the estimate is negative
 * @param proxy mean proxy reward, in its own unit
 * @param gold mean gold reward, in its own unit
 * @param proxyGain gain of the proxy over the initial policy, in standard deviations of the proxy
 *     under it, paired by prompt
 * @param goldGain gain of the gold reward over the initial policy, likewise
 * @param length mean number of tokens of an answer
 * @param entropy mean of −log π of an answer's tokens, in nats a token; that of π₀ for best of n,
 *     which has no probabilities of tokens of its own
 * @param winRate how often the gold reward is higher than that of an answer of the initial policy
 *     to the same prompt, ties counted one half
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OveroptimisationPoint(
    String label,
    Estimate kl,
    double distance,
    Estimate proxy,
    Estimate gold,
    Estimate proxyGain,
    Estimate goldGain,
    Estimate length,
    Estimate entropy,
    Estimate winRate) {

  /** Checks that nothing is missing. */
  public OveroptimisationPoint {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(kl, "kl");
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(gold, "gold");
    Objects.requireNonNull(proxyGain, "proxyGain");
    Objects.requireNonNull(goldGain, "goldGain");
    Objects.requireNonNull(length, "length");
    Objects.requireNonNull(entropy, "entropy");
    Objects.requireNonNull(winRate, "winRate");
  }
}
