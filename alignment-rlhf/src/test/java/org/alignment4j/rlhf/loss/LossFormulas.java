package org.alignment4j.rlhf.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.data.UpdateLengths;

/** Every loss of single pairs with its formula in plain float64. */
final class LossFormulas {

  private LossFormulas() {}

  /**
   * A pair.
   *
   * @param w log-probability of the preferred answer under the policy
   * @param l of the other answer under the policy
   * @param rw of the preferred answer under the reference
   * @param rl of the other answer under the reference
   * @param lw tokens of the preferred answer
   * @param ll tokens of the other answer
   */
  record Pair(double w, double l, double rw, double rl, double lw, double ll) {

    /** Shares of log-probabilities that fall on the first tokens; on all of the shorter answer. */
    static final double SHARE = 0.4;

    double c() {
      return w - rw;
    }

    double r() {
      return l - rl;
    }

    double d() {
      return c() - r();
    }

    double pw() {
      return w / lw;
    }

    double pl() {
      return l / ll;
    }

    Pair with(double chosen, double rejected) {
      return new Pair(chosen, rejected, rw, rl, lw, ll);
    }

    Pair swapped() {
      return new Pair(l, w, rl, rw, ll, lw);
    }

    double sharedOf(double logProb, boolean chosen) {
      boolean longer = chosen ? lw > ll : ll > lw;
      return longer ? SHARE * logProb : logProb;
    }
  }

  /** The loss of a pair. */
  interface Formula {
    double of(Pair p);
  }

  static final double PROMPT = -9.5;
  static final double PROMPT_TOKENS = 4;
  static final double MEAN_ANSWER = 4.5;
  static final double MEAN_PROMPT = 2.25;

  static double logSigmoid(double x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  static double sigmoid(double x) {
    return Math.exp(logSigmoid(x));
  }

  static double logOdds(double p) {
    double q = Math.min(p, -1e-7);
    return q - (q > -Math.log(2) ? Math.log(-Math.expm1(q)) : Math.log1p(-Math.exp(q)));
  }

  private static double exo(double z, double e) {
    return sigmoid(z) * (logSigmoid(z) - Math.log(1 - e))
        + sigmoid(-z) * (logSigmoid(-z) - Math.log(e));
  }

  private static double discoPop(double z, double tau) {
    double right = sigmoid(z / tau);
    return -(1 - right) * logSigmoid(z) + right * Math.exp(-Math.max(z, -20));
  }

  private static double f(double b, double sw, double sl) {
    return -logSigmoid(b * (sw - sl));
  }

  private static double orpo(Pair p, double b) {
    return -b * logSigmoid(logOdds(p.pw()) - logOdds(p.pl()));
  }

  private static double alpha(double p, double a) {
    return -Math.expm1(Math.min(-a * p, 80)) / a;
  }

  private static double capped(double exponent) {
    return Math.exp(Math.min(exponent, 80));
  }

  /** Losses with a reference. */
  static Map<PreferenceLoss, Formula> withReference() {
    Map<PreferenceLoss, Formula> all = new LinkedHashMap<>();
    all.put(PreferenceLoss.dpo(0.3), p -> -logSigmoid(0.3 * p.d()));
    all.put(DpoVariants.normalised(2), p -> -logSigmoid(2 * (p.c() / p.lw() - p.r() / p.ll())));
    all.put(DpoVariants.exo(0.2), p -> exo(0.2 * p.d(), 1e-3));
    all.put(new ExoLoss(0.1, 0.2), p -> exo(0.1 * p.d(), 0.2));
    all.put(
        DpoVariants.nca(0.3),
        p ->
            -logSigmoid(0.3 * p.c())
                - 0.5 * logSigmoid(-0.3 * p.c())
                - 0.5 * logSigmoid(-0.3 * p.r()));
    all.put(DpoVariants.bcoPair(0.3), p -> -logSigmoid(0.3 * p.c()) - logSigmoid(-0.3 * p.r()));
    all.put(DpoVariants.sppoHard(0.2), p -> Math.pow(p.c() - 2.5, 2) + Math.pow(p.r() + 2.5, 2));
    all.put(DpoVariants.apoZero(0.1), p -> 1 - sigmoid(0.1 * p.c()) + sigmoid(0.1 * p.r()));
    all.put(DpoVariants.apoDown(0.1), p -> sigmoid(0.1 * p.c()) + 1 - sigmoid(0.1 * p.d()));
    all.put(DpoVariants.discoPop(0.05), p -> discoPop(0.05 * p.d(), 0.05));
    all.put(DpoVariants.fDivergence(0.2, new Divergence.ReverseKl()), p -> f(0.2, p.c(), p.r()));
    all.put(
        DpoVariants.fDivergence(0.2, new Divergence.ForwardKl()),
        p -> f(0.2, -capped(-p.c()), -capped(-p.r())));
    all.put(
        DpoVariants.fDivergence(0.2, new Divergence.JensenShannon()),
        p -> f(0.2, logSigmoid(p.c()), logSigmoid(p.r())));
    all.put(
        DpoVariants.fDivergence(0.2, new Divergence.Alpha(0.3)),
        p -> f(0.2, capped(-0.7 * p.c()) / -0.7, capped(-0.7 * p.r()) / -0.7));
    all.put(DpoVariants.lengthDesensitised(0.3, 0.25), p -> -logSigmoid(0.3 * discounted(p, true)));
    all.put(
        new LdDpoLoss(0.3, 0.25, LdDpoLoss.Models.POLICY),
        p -> -logSigmoid(0.3 * discounted(p, false)));
    all.put(
        DpoVariants.mix(new double[] {0.8, 0.2}, PreferenceLoss.dpo(0.1), DpoVariants.bcoPair(0.1))
            .withSft(1, SftTermLoss.Normalisation.LENGTH_AVERAGED),
        p ->
            -0.8 * logSigmoid(0.1 * p.d())
                - 0.2 * (logSigmoid(0.1 * p.c()) + logSigmoid(-0.1 * p.r()))
                - p.pw());
    all.put(
        PreferenceLoss.dpo(0.2).withSft(0.5, SftTermLoss.Normalisation.BATCH_TOKEN_MEAN),
        p -> -logSigmoid(0.2 * p.d()) - 0.5 * p.w() / MEAN_ANSWER);
    return all;
  }

  private static double discounted(Pair p, boolean reference) {
    double c = discounted(p, p.w(), true) - (reference ? discounted(p, p.rw(), true) : p.rw());
    double r = discounted(p, p.l(), false) - (reference ? discounted(p, p.rl(), false) : p.rl());
    return c - r;
  }

  /** The first tokens' log-probability is given apart: it stays when the whole one moves. */
  private static double discounted(Pair p, double logProb, boolean chosen) {
    double first = p.sharedOf(logProb, chosen);
    return first + 0.25 * (logProb - first);
  }

  /** Losses without one. */
  static Map<PreferenceLoss, Formula> withoutReference() {
    Map<PreferenceLoss, Formula> all = new LinkedHashMap<>();
    all.put(ReferenceFreeLosses.orpo(0.4), p -> -p.pw() + orpo(p, 0.4));
    all.put(
        new OrpoLoss(0.1, OrpoLoss.Span.PROMPT_AND_RESPONSE),
        p -> -(PROMPT + p.w()) / (PROMPT_TOKENS + p.lw()) + orpo(p, 0.1));
    all.put(
        new OrpoLoss(
            0.1, OrpoLoss.Span.PROMPT_AND_RESPONSE, SftTermLoss.Normalisation.BATCH_TOKEN_MEAN),
        p -> -(PROMPT + p.w()) / (MEAN_PROMPT + MEAN_ANSWER) + orpo(p, 0.1));
    all.put(
        new OrpoLoss(0.1, OrpoLoss.Span.PROMPT_AND_RESPONSE, SftTermLoss.Normalisation.SUMMED),
        p -> -(PROMPT + p.w()) + orpo(p, 0.1));
    all.put(
        new CpoLoss(0.1, 0.3, SftTermLoss.Normalisation.BATCH_TOKEN_MEAN),
        p -> -logSigmoid(0.1 * (p.w() - p.l())) - 0.3 * p.w() / MEAN_ANSWER);
    all.put(ReferenceFreeLosses.cpo(0.1), p -> -logSigmoid(0.1 * (p.w() - p.l())) - p.pw());
    all.put(
        new CpoLoss(0.1, 0.3, SftTermLoss.Normalisation.SUMMED),
        p -> -logSigmoid(0.1 * (p.w() - p.l())) - 0.3 * p.w());
    all.put(ReferenceFreeLosses.simPo(2.5, 1.2), p -> -logSigmoid(2.5 * (p.pw() - p.pl()) - 1.2));
    all.put(
        ReferenceFreeLosses.alphaPo(2.5, 0.5, 0.25),
        p -> -logSigmoid(2.5 * (alpha(p.pw(), 0.25) - alpha(p.pl(), 0.25)) - 0.5));
    all.put(
        ReferenceFreeLosses.alphaPo(2, 0, -0.5),
        p -> -logSigmoid(2 * (alpha(p.pw(), -0.5) - alpha(p.pl(), -0.5))));
    all.put(ReferenceFreeLosses.slic(), p -> Math.max(0, 1 - p.w() + p.l()) - 0.1 * p.w());
    all.put(
        ReferenceFreeLosses.withoutReference(PreferenceLoss.ipo(0.3)),
        p -> Math.pow(p.pw() - p.pl() - 1 / 0.6, 2));
    all.put(
        ReferenceFreeLosses.withoutReference(PreferenceLoss.conservativeDpo(0.2, 0.1)),
        p -> -0.9 * logSigmoid(0.2 * (p.w() - p.l())) - 0.1 * logSigmoid(-0.2 * (p.w() - p.l())));
    return all;
  }

  static Map<PreferenceLoss, Formula> all() {
    Map<PreferenceLoss, Formula> all = new LinkedHashMap<>(withReference());
    all.putAll(withoutReference());
    return all;
  }

  /** What the losses see of pairs. */
  static PairValues values(Pair... pairs) {
    double[][] v = new double[12][pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      Pair p = pairs[i];
      double[] one = {
        p.w(),
        p.l(),
        p.rw(),
        p.rl(),
        p.lw(),
        p.ll(),
        p.sharedOf(p.w(), true),
        p.sharedOf(p.l(), false),
        p.sharedOf(p.rw(), true),
        p.sharedOf(p.rl(), false),
        PROMPT,
        PROMPT_TOKENS
      };
      for (int k = 0; k < one.length; k++) {
        v[k][i] = one[k];
      }
    }
    return PairValues.of(v[0], v[1])
        .reference(v[2], v[3])
        .lengths(v[4], v[5])
        .shared(v[6], v[7], v[8], v[9])
        .prompts(v[10], v[11])
        .update(new UpdateLengths(MEAN_ANSWER, MEAN_PROMPT));
  }
}
