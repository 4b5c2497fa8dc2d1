package org.alignment4j.eval.privacy;

import java.util.Locale;
import org.apiguardian.api.API;

/**
 * A number that tells texts a model was trained on from others: higher for members. Formulas are in
 * {@link MembershipFormulas}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface MembershipScore {

  /**
   * Returns the name in results.
   *
   * @return a short name
   */
  String name();

  /** The mean log-probability of the tokens: minus the log perplexity (Yeom et al. 2018). */
  record Loss() implements MembershipScore {
    @Override
    public String name() {
      return "loss";
    }
  }

  /** The log perplexity of a reference model above that of the target (Carlini et al. 2021). */
  record ReferenceRatio() implements MembershipScore {
    @Override
    public String name() {
      return "reference ratio";
    }
  }

  /**
   * The log perplexity of the text in lower case over that of the text (Carlini et al. 2021),
   * higher for members like the other scores; {@link MembershipFormulas#lowerCaseRatio} tells of
   * the minus that some scripts put before it.
   */
  record LowerCaseRatio() implements MembershipScore {
    @Override
    public String name() {
      return "lower-case ratio";
    }
  }

  /** Minus the log perplexity over the text's bytes under zlib (Carlini et al. 2021). */
  record ZlibRatio() implements MembershipScore {
    @Override
    public String name() {
      return "zlib ratio";
    }
  }

  /**
   * The mean log-probability of the least likely tokens (Shi et al. 2023, arXiv 2310.16789).
   *
   * @param share of the tokens, in (0, 1]
   */
  record MinK(double share) implements MembershipScore {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when the share is outside (0, 1]
     */
    public MinK {
      requireShare(share);
    }

    @Override
    public String name() {
      return "Min-" + percent(share) + "%";
    }
  }

  /**
   * The same of log-probabilities standardised by mean and deviation of the log-probability of the
   * vocabulary at each position (Zhang et al. 2024, arXiv 2404.02936). Needs a {@link
   * org.alignment4j.api.hook.HookedModel}, whose logits show the whole vocabulary.
   *
   * @param share of the tokens, in (0, 1]
   */
  record MinKPlusPlus(double share) implements MembershipScore {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when the share is outside (0, 1]
     */
    public MinKPlusPlus {
      requireShare(share);
    }

    @Override
    public String name() {
      return "Min-" + percent(share) + "%++";
    }
  }

  private static void requireShare(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be in (0, 1] but was " + share);
    }
  }

  private static String percent(double share) {
    double percent = share * 100;
    return percent == Math.rint(percent)
        ? Long.toString(Math.round(percent))
        : String.format(Locale.ROOT, "%.1f", percent);
  }
}
