package org.alignment4j.eval.factuality;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * ROUGE-N and ROUGE-L of one candidate against one reference (Lin 2004): the harmonic mean of
 * precision and recall, over texts in lower case cut at everything but a to z and digits, without
 * stemming, as Google's {@code rouge_score} does, which the authors of TruthfulQA use. Texts in
 * other scripts have no tokens and score 0. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Rouge {

  private static final Pattern OTHER = Pattern.compile("[^a-z0-9]+");

  private Rouge() {}

  /**
   * Splits a text.
   *
   * @param text any text
   * @return its tokens in lower case
   */
  public static List<String> tokens(String text) {
    return OTHER
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(token -> !token.isEmpty())
        .toList();
  }

  /**
   * Returns ROUGE-N, the overlap of n-grams.
   *
   * @param n length of the n-grams, at least 1
   * @param candidate what is scored
   * @param reference what it is compared with
   * @return from 0 to 100; 0 when one has no n-gram
   * @throws IllegalArgumentException when n is below 1
   */
  public static double ngrams(int n, String candidate, String reference) {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1 but was " + n);
    }
    List<String> own = tokens(candidate);
    List<String> other = tokens(reference);
    Map<List<String>, Integer> left = new HashMap<>();
    for (int i = 0; i + n <= other.size(); i++) {
      left.merge(other.subList(i, i + n), 1, Integer::sum);
    }
    int common = 0;
    for (int i = 0; i + n <= own.size(); i++) {
      List<String> gram = own.subList(i, i + n);
      int count = left.getOrDefault(gram, 0);
      if (count > 0) {
        common++;
        left.put(gram, count - 1);
      }
    }
    return harmonic(common, own.size() - n + 1, other.size() - n + 1);
  }

  /**
   * Returns ROUGE-L, by the longest common subsequence of tokens.
   *
   * @param candidate what is scored
   * @param reference what it is compared with
   * @return from 0 to 100; 0 when one has no token
   */
  public static double longest(String candidate, String reference) {
    List<String> own = tokens(candidate);
    List<String> other = tokens(reference);
    int[] row = new int[other.size() + 1];
    for (String token : own) {
      int diagonal = 0;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        row[j] = token.equals(other.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
        diagonal = above;
      }
    }
    return harmonic(row[other.size()], own.size(), other.size());
  }

  private static double harmonic(int common, int own, int other) {
    return common == 0 ? 0 : 200.0 * common / ((double) own + other);
  }
}
