package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * How far the sampler's log-probabilities are from the trainer's, over scored tokens, with {@code Δ
 * = log π_trainer − log π_sampler}. Same weights, temperature and precision give zeros; anything
 * large means that samples are not from the policy they are taken to be from. Immutable and
 * thread-safe.
 *
 * @param meanDifference mean of |Δ|, in nats
 * @param maxDifference largest |Δ|, in nats
 * @param kl mean of {@code e^Δ − 1 − Δ}: the divergence of the sampler from the trainer, in nats a
 *     token
 * @param meanRatio mean of {@code e^Δ}; 1 in expectation where the sampler leaves no token out
 * @param minRatio smallest {@code e^Δ}
 * @param maxRatio largest {@code e^Δ}
 * @param effectiveShare effective share of the tokens under these weights, {@code (Σw)²/(n·Σw²)},
 *     in (0, 1]
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LogProbMismatch(
    double meanDifference,
    double maxDifference,
    double kl,
    double meanRatio,
    double minRatio,
    double maxRatio,
    double effectiveShare) {

  /**
   * Compares.
   *
   * @param trainer log-probabilities under the trainer's policy, covering the mask
   * @param sampler log-probabilities that the sampler gave, covering the mask
   * @param mask which tokens are scored
   * @return the statistics; of no token, those of equal engines
   * @throws IllegalArgumentException when the shapes do not match
   */
  public static LogProbMismatch of(TokenValues trainer, TokenValues sampler, CompletionMask mask) {
    double[] deltas = LogRatios.of(trainer, sampler, mask).values().flat(mask);
    if (deltas.length == 0) {
      return new LogProbMismatch(0, 0, 0, 1, 1, 1, 1);
    }
    double absolute = 0;
    double largest = 0;
    double kl = 0;
    double sum = 0;
    double squares = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (double delta : deltas) {
      double ratio = Math.exp(delta);
      absolute += Math.abs(delta);
      largest = Math.max(largest, Math.abs(delta));
      kl += Math.expm1(delta) - delta;
      sum += ratio;
      squares += ratio * ratio;
      low = Math.min(low, ratio);
      high = Math.max(high, ratio);
    }
    double n = deltas.length;
    return new LogProbMismatch(
        absolute / n, largest, kl / n, sum / n, low, high, sum * sum / (n * squares));
  }
}
