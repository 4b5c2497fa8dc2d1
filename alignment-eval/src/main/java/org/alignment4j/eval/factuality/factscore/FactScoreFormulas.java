package org.alignment4j.eval.factuality.factscore;

import org.apiguardian.api.API;

/** FActScore of one answer (Min et al. 2023, arXiv 2305.14251, section 3 and script). Pure. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FactScoreFormulas {

  private FactScoreFormulas() {}

  /**
   * Returns the factor that keeps short answers from scoring high, {@code exp(1 − γ/n)} up to γ
   * facts and 1 above; 1 at γ facts from both sides.
   *
   * @param facts number of facts n, at least 1
   * @param gamma the number γ from which an answer is long enough; 0 for no penalty
   * @return from 0 to 1
   * @throws IllegalArgumentException when there is no fact, or gamma is negative or not finite
   */
  public static double lengthPenalty(int facts, double gamma) {
    if (facts < 1) {
      throw new IllegalArgumentException("facts must be at least 1 but was " + facts);
    }
    if (!(gamma >= 0 && gamma < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("gamma must be finite and not negative but was " + gamma);
    }
    return facts > gamma ? 1 : Math.exp(1 - gamma / facts);
  }

  /**
   * Returns the score, the share of supported facts times the {@linkplain #lengthPenalty penalty}.
   *
   * @param supported number of facts that are supported
   * @param judged number of facts with a verdict, at least 1
   * @param facts number of all facts
   * @param gamma the number from which an answer is long enough
   * @return from 0 to 1
   * @throws IllegalArgumentException unless {@code 0 ≤ supported ≤ judged ≤ facts} and a fact was
   *     judged
   */
  public static double score(int supported, int judged, int facts, double gamma) {
    if (supported < 0 || supported > judged || judged > facts || judged < 1) {
      throw new IllegalArgumentException(
          "supported, judged and facts must ascend from 0 with at least one judged but were "
              + supported
              + ", "
              + judged
              + " and "
              + facts);
    }
    return (double) supported / judged * lengthPenalty(facts, gamma);
  }
}
