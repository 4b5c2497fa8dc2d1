package org.alignment4j.rlhf.policy;

import java.util.Arrays;
import org.alignment4j.rlhf.advantage.KlEstimator;

/**
 * Policy losses in plain Java, token by token. Where a loss stops the gradient, the stopped part is
 * computed from {@code frozen}, so that differences of the other part give the gradient.
 */
final class LossFormulas {

  private LossFormulas() {}

  /** The losses of tokens at {@code policy}, with stopped parts at the batch's own. */
  static double[] losses(PolicyLoss loss, PolicyBatch b, double[] policy) {
    double[] out = new double[policy.length];
    double[] ratios = ratios(loss, b, policy);
    double[] frozen = ratios(loss, b, b.policy());
    int from = 0;
    for (int length : b.lengths()) {
      for (int i = from; i < from + length; i++) {
        out[i] = token(loss, b, policy, i, length, ratios[i], frozen[i]);
      }
      from += length;
    }
    return out;
  }

  private static double kl(KlEstimator estimator, double delta) {
    return switch (estimator) {
      case K1 -> delta;
      case ABSOLUTE_K1 -> Math.max(delta, -delta);
      case K2 -> delta * delta / 2;
      case K3 -> Math.exp(-delta) - 1 + delta;
    };
  }

  private static double token(
      PolicyLoss loss, PolicyBatch b, double[] p, int i, int length, double ratio, double frozen) {
    double a = b.advantages()[i];
    double correction = b.corrections()[i];
    double delta = p[i] - b.reference()[i];
    if (loss instanceof KlRegularisedLoss regularised) {
      KlPenalty penalty = regularised.penalty();
      double kl = kl(penalty.estimator(), delta);
      if (penalty.gradient() == KlPenalty.Gradient.BIAS_CORRECTED) {
        kl *= ratio;
      } else if (penalty.gradient() == KlPenalty.Gradient.STRAIGHT_THROUGH) {
        double fixed = b.policy()[i] - b.reference()[i];
        kl = kl(penalty.estimator(), fixed) + (delta * delta - fixed * fixed) / 2;
      }
      return token(regularised.policy(), b, p, i, length, ratio, frozen)
          + penalty.coefficient() * kl;
    } else if (loss instanceof EntropyRegularisedLoss entropy) {
      double gap = Math.max(-20, Math.min(20, b.policy()[i] - b.old()[i]));
      return token(entropy.policy(), b, p, i, length, ratio, frozen)
          + entropy.coefficient() / 2 * Math.exp(gap) * p[i] * p[i];
    } else if (loss instanceof OffPolicyMaskedLoss masked) {
      double[] gaps = gaps(b, i, b.policy());
      boolean dropped = a < 0 && -Arrays.stream(gaps).sum() / length > masked.mask().threshold();
      return dropped ? 0 : token(masked.policy(), b, p, i, length, ratio, frozen);
    } else if (loss instanceof VespoLoss vespo) {
      double log = Arrays.stream(gaps(b, i, b.policy())).sum();
      for (int t = start(b, i); t < start(b, i) + length; t++) {
        log += Math.log(Math.max(b.corrections()[t], 1e-8));
      }
      double w = Math.exp(Math.max(Math.log(1e-8), Math.min(20, log)));
      double k = a < 0 ? vespo.kNegative() : vespo.kPositive();
      double lambda = a < 0 ? vespo.lambdaNegative() : vespo.lambdaPositive();
      return -Math.exp(lambda * (1 - w)) * Math.pow(w, k) * a * p[i];
    } else if (loss instanceof GmpoLoss gmpo) {
      double product = 1;
      for (double gap : gaps(b, i, p)) {
        double own = Math.exp(gap);
        product *=
            a > 0
                ? Math.min(own, Math.exp(gmpo.epsilonHigh()))
                : Math.max(own, Math.exp(-gmpo.epsilonLow()));
      }
      return -a * Math.pow(product, 1.0 / length) * correction;
    } else if (loss instanceof AlolKlLoss kl) {
      return -a * p[i] * correction + kl.beta() * delta / length;
    } else if (loss instanceof ReinforceLoss) {
      return -a * p[i] * correction;
    } else if (loss instanceof GoldLoss gold) {
      return -a * Math.max(Math.exp(b.policy()[i]), gold.floor()) * p[i] * correction;
    } else if (loss instanceof CispoLoss cispo) {
      double high =
          cispo.cap() == CispoLoss.Cap.ONE_PLUS ? 1 + cispo.epsilonHigh() : cispo.epsilonHigh();
      double weight = Math.min(Math.max(frozen, 1 - cispo.epsilonLow()), high);
      return -weight * a * p[i] * correction;
    } else if (loss instanceof AlolLoss alol) {
      double weight = Math.min(Math.max(frozen, 1 - alol.epsilon()), 1 + alol.epsilon());
      return -weight * a * p[i] * correction;
    } else if (loss instanceof SapoLoss sapo) {
      double tau = a > 0 ? sapo.positive() : sapo.negative();
      return -a * 4 / tau / (1 + Math.exp(-tau * (ratio - 1))) * correction;
    } else if (loss instanceof GspoLoss gspo) {
      return clipped(ratio, a, gspo.epsilonLow(), gspo.epsilonHigh()) * correction;
    } else if (loss instanceof RlooLoss rloo) {
      return clipped(ratio, a, rloo.epsilonLow(), rloo.epsilonHigh()) * correction;
    }
    PpoLoss ppo = (PpoLoss) loss;
    double free = -a * Math.min(ratio, ppo.delta());
    double clip = Math.min(Math.max(ratio, 1 - ppo.epsilonLow()), 1 + ppo.epsilonHigh());
    double worst = Math.max(free, -a * clip);
    boolean bounded = a < 0 && ppo.dualClip() < Double.POSITIVE_INFINITY;
    return (bounded ? Math.min(worst, -ppo.dualClip() * a) : worst) * correction;
  }

  private static int start(PolicyBatch b, int i) {
    int from = 0;
    for (int length : b.lengths()) {
      if (i < from + length) {
        return from;
      }
      from += length;
    }
    throw new IllegalArgumentException("no token " + i);
  }

  /** Log ratios to the policy that sampled over the sequence of a token. */
  private static double[] gaps(PolicyBatch b, int i, double[] policy) {
    int from = start(b, i);
    int to = from;
    while (to < policy.length && start(b, to) == from) {
      to++;
    }
    return java.util.stream.IntStream.range(from, to)
        .mapToDouble(t -> Math.max(-20, Math.min(20, policy[t] - b.old()[t])))
        .toArray();
  }

  private static double clipped(double ratio, double a, double low, double high) {
    return -Math.min(ratio * a, Math.min(Math.max(ratio, 1 - low), 1 + high) * a);
  }

  /** The ratio at each token. */
  static double[] ratios(PolicyLoss loss, PolicyBatch b, double[] policy) {
    PolicyLoss outer = loss instanceof EntropyRegularisedLoss e ? e.policy() : loss;
    PolicyLoss within = outer instanceof KlRegularisedLoss r ? r.policy() : outer;
    PolicyLoss inner = within instanceof OffPolicyMaskedLoss m ? m.policy() : within;
    double[] below = inner instanceof AlolLoss ? b.reference() : b.old();
    double[] out = new double[policy.length];
    int from = 0;
    for (int length : b.lengths()) {
      double sum = 0;
      for (int i = from; i < from + length; i++) {
        out[i] = Math.exp(policy[i] - below[i]);
        sum += policy[i] - below[i];
      }
      if (inner instanceof GspoLoss || inner instanceof GmpoLoss) {
        Arrays.fill(out, from, from + length, Math.exp(sum / length));
      }
      if (inner instanceof RlooLoss
          || inner instanceof AlolLoss a && a.ratioLevel() == AlolLoss.RatioLevel.SEQUENCE) {
        Arrays.fill(out, from, from + length, Math.exp(sum));
      }
      from += length;
    }
    return out;
  }

  /** The weighted sum. */
  static double loss(PolicyLoss loss, PolicyBatch b, double[] policy) {
    double[] losses = losses(loss, b, policy);
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      sum += b.weights()[i] * losses[i];
    }
    return sum;
  }

  /** Central differences of the weighted sum. */
  static double[] gradients(PolicyLoss loss, PolicyBatch b, double h) {
    double[] out = new double[b.policy().length];
    for (int i = 0; i < out.length; i++) {
      double[] up = b.policy().clone();
      double[] down = b.policy().clone();
      up[i] += h;
      down[i] -= h;
      out[i] = (loss(loss, b, up) - loss(loss, b, down)) / (2 * h);
    }
    return out;
  }
}
