package org.alignment4j.rlhf.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.rlhf.advantage.CappedImportance;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * VESPO (TRL {@code loss_type="vespo"}): {@code −sg(φ(w))·A·log π} at tokens, where w is the ratio
 * of the whole completion and {@code φ(w) = e^λ·w^k·e^{−λw}}, which is 1 at {@code w = 1} and
 * vanishes smoothly on either side instead of being clipped. Its k and λ depend on the sign of the
 * advantage. Corrections for another engine are a part of w: the product of those of tokens, or
 * that of the completion once. Added up by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights#tokenMean()}.
 *
 * <p>The logarithm of w is kept in [log 1e-8, 20]. The metric {@code vespo/phi_seq_mean} is φ.
 *
 * @param kPositive k where the advantage is not negative, positive; 2 in TRL
 * @param lambdaPositive λ there, positive; 3 in TRL
 * @param kNegative k where the advantage is negative, positive; 3 in TRL
 * @param lambdaNegative λ there, positive; 2 in TRL
 * @param corrections whether each token has a correction of its own, or those of a completion share
 *     one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record VespoLoss(
    double kPositive,
    double lambdaPositive,
    double kNegative,
    double lambdaNegative,
    CappedImportance.Level corrections)
    implements PolicyLoss {

  static final String PHI = "vespo/phi_seq_mean";

  private static final double LEAST = 1e-8;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is not positive and finite
   */
  public VespoLoss {
    Settings.requirePositive("kPositive", kPositive);
    Settings.requirePositive("lambdaPositive", lambdaPositive);
    Settings.requirePositive("kNegative", kNegative);
    Settings.requirePositive("lambdaNegative", lambdaNegative);
    Objects.requireNonNull(corrections, "corrections");
  }

  /**
   * With corrections of tokens.
   *
   * @param kPositive k where the advantage is not negative, positive
   * @param lambdaPositive λ there, positive
   * @param kNegative k where the advantage is negative, positive
   * @param lambdaNegative λ there, positive
   * @throws IllegalArgumentException when a value is not positive and finite
   */
  public VespoLoss(
      double kPositive, double lambdaPositive, double kNegative, double lambdaNegative) {
    this(kPositive, lambdaPositive, kNegative, lambdaNegative, CappedImportance.Level.TOKEN);
  }

  @Override
  public VespoLoss correctedAt(CappedImportance.Level level) {
    return new VespoLoss(kPositive, lambdaPositive, kNegative, lambdaNegative, level);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    Value phi = ops.detached(phi(ops, tokens));
    Value weights = ops.mul(phi, tokens.advantages());
    Map<String, Value> metrics =
        new LinkedHashMap<>(PolicyMetrics.of(ops, tokens, ratio(ops, tokens)));
    metrics.put(PHI, phi);
    return new LossTerms(ops.neg(ops.mul(weights, tokens.policy())), metrics);
  }

  private Value phi(Ops ops, PolicyTokens tokens) {
    double most = Math.exp(Ratios.MAX_LOG_RATIO);
    Value factors = ops.log(ops.clamp(tokens.corrections(), LEAST, most));
    Value corrected = tokens.sums(ops, factors);
    if (corrections == CappedImportance.Level.SEQUENCE) {
      // Every token has the same.
      corrected = ops.div(corrected, tokens.lengths());
    }
    Value sums = ops.add(tokens.sums(ops, tokens.logRatio(ops)), corrected);
    Value bounded = ops.clamp(sums, Math.log(LEAST), Ratios.MAX_LOG_RATIO);
    Value log = tokens.spread(ops, bounded);
    Value punished = Ratios.positive(ops, ops.neg(tokens.advantages()));
    Value k = chosen(ops, punished, kPositive, kNegative);
    Value lambda = chosen(ops, punished, lambdaPositive, lambdaNegative);
    Value exponent = ops.add(lambda, ops.sub(ops.mul(k, log), ops.mul(lambda, ops.exp(log))));
    return ops.exp(exponent);
  }

  private static Value chosen(Ops ops, Value punished, double otherwise, double where) {
    return ops.shift(ops.scale(punished, where - otherwise), otherwise);
  }
}
