package org.alignment4j.eval.privacy;

import org.apiguardian.api.API;

/**
 * How far a model gives a secret away.
 *
 * @param secret the secret
 * @param bits exposure; NaN when the call failed or the model gives the secret no probability
 * @param basis how it was found
 * @param candidates secrets it was compared with, itself left out
 * @param atLeastAsLikely how many of these are at least as likely
 * @param problem why there is no exposure; empty when there is
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SecretExposure(
    PlantedSecret secret,
    double bits,
    Basis basis,
    long candidates,
    long atLeastAsLikely,
    String problem) {

  /** How an exposure was found. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Basis {
    /** All possible secrets were scored: exact. */
    ENUMERATED,
    /** Some were sampled; exposure is at most what their number can show. */
    SAMPLED,
    /** A skew normal distribution was fitted to those sampled. */
    SKEW_NORMAL
  }

  /**
   * Returns whether no sampled secret was as likely, so that the true exposure may be higher.
   *
   * @return true when the figure is what the number of samples can show at most
   */
  public boolean atLeast() {
    return basis == Basis.SAMPLED && atLeastAsLikely == 0;
  }
}
