package org.alignment4j.eval.privacy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.alignment4j.api.model.LogProbs;
import org.apiguardian.api.API;

/**
 * The scores of membership inference as pure functions; higher for texts the model was trained on.
 * A score is NaN or infinite where it is undefined, such as for a token of probability 0. Stateless
 * and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MembershipFormulas {

  private MembershipFormulas() {}

  /**
   * Returns the log perplexity: minus the mean log-probability.
   *
   * @param text log-probabilities of the text's tokens, at least one
   * @return nats per token
   */
  public static double logPerplexity(LogProbs text) {
    return -text.sum() / text.size();
  }

  /**
   * Returns the log perplexity of a reference model minus that of the target.
   *
   * @param target log-probabilities of the target model
   * @param reference those of the reference model, whose tokens may be others
   * @return nats per token
   */
  public static double referenceRatio(LogProbs target, LogProbs reference) {
    return logPerplexity(reference) - logPerplexity(target);
  }

  /**
   * Returns the log perplexity of the text in lower case over that of the text, without a minus:
   * what a model has learned by heart it finds likely as written, so that the denominator is small
   * and the ratio large. Scripts that take lower scores for members, as that of Shi et al. 2023
   * does, have a minus here; read as higher for members that would turn an area A into 1 − A.
   *
   * @param text log-probabilities of the text
   * @param lowerCase those of the text in lower case
   * @return the ratio; infinite where the text is certain
   */
  public static double lowerCaseRatio(LogProbs text, LogProbs lowerCase) {
    return logPerplexity(lowerCase) / logPerplexity(text);
  }

  /**
   * Returns minus the log perplexity over the length of the text under zlib.
   *
   * @param text log-probabilities of the text
   * @param content the text itself
   * @return nats per token and byte
   */
  public static double zlibRatio(LogProbs text, String content) {
    return -logPerplexity(text) / zlibBytes(content);
  }

  /**
   * Returns the length of a text's UTF-8 bytes as zlib compresses them, at the default level and
   * with the format's header and checksum.
   *
   * @param content the text
   * @return bytes
   */
  public static int zlibBytes(String content) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(content.getBytes(StandardCharsets.UTF_8));
      deflater.finish();
      byte[] into = new byte[1024];
      int length = 0;
      while (!deflater.finished()) {
        length += deflater.deflate(into);
      }
      return length;
    } finally {
      deflater.end();
    }
  }

  /**
   * Returns the mean of the least likely tokens.
   *
   * @param text log-probabilities of the text, at least one
   * @param share of the tokens in (0, 1]; at least one token counts, also of short texts
   * @return nats per token
   */
  public static double minK(LogProbs text, double share) {
    double[] values = new double[text.size()];
    Arrays.setAll(values, text::get);
    return lowestMean(values, share);
  }

  /**
   * Returns the mean of the lowest standardised log-probabilities. A position whose distribution
   * has no deviation, because every token is as likely as another or one is certain, counts as 0.
   *
   * @param text log-probabilities of the text
   * @param means at each position, the mean log-probability of the vocabulary under the model's own
   *     distribution: minus its entropy
   * @param deviations at each position, the deviation of the same
   * @param share of the tokens in (0, 1]; at least one token counts
   * @return the mean of standard scores
   * @throws IllegalArgumentException when the lengths differ
   */
  public static double minKPlusPlus(
      LogProbs text, double[] means, double[] deviations, double share) {
    if (means.length != text.size() || deviations.length != text.size()) {
      throw new IllegalArgumentException(
          "there must be a mean and a deviation for each of "
              + text.size()
              + " tokens but there were "
              + means.length
              + " and "
              + deviations.length);
    }
    double[] values = new double[text.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = deviations[i] > 0 ? (text.get(i) - means[i]) / deviations[i] : 0;
    }
    return lowestMean(values, share);
  }

  private static double lowestMean(double[] values, double share) {
    Arrays.sort(values);
    int k = Math.max(1, (int) Math.floor(values.length * share));
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum += values[i];
    }
    return sum / k;
  }

  /**
   * Returns the largest share of members that a threshold finds while it takes at most a share of
   * the others for members. Items of equal scores are on one side of every threshold.
   *
   * @param scores higher for members
   * @param member whether each item is one
   * @param falsePositiveRate the share of others at most, in [0, 1]
   * @return the share of members; NaN when a class has no item
   */
  public static double truePositiveRate(
      double[] scores, boolean[] member, double falsePositiveRate) {
    double[] others = chosen(scores, member, false);
    double[] members = chosen(scores, member, true);
    if (others.length == 0 || members.length == 0) {
      return Double.NaN;
    }
    // Rounding must not turn 1 of 20 into more than 5 %.
    int allowed = (int) Math.floor(falsePositiveRate * others.length + 1e-9);
    if (allowed >= others.length) {
      return 1;
    }
    Arrays.sort(others);
    double threshold = others[others.length - 1 - allowed];
    long found = Arrays.stream(members).filter(score -> score > threshold).count();
    return (double) found / members.length;
  }

  private static double[] chosen(double[] scores, boolean[] member, boolean wanted) {
    double[] chosen = new double[scores.length];
    int count = 0;
    for (int i = 0; i < scores.length; i++) {
      if (member[i] == wanted) {
        chosen[count++] = scores[i];
      }
    }
    return Arrays.copyOf(chosen, count);
  }
}
