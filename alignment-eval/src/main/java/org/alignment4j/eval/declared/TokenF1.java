package org.alignment4j.eval.declared;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apiguardian.api.API;

/**
 * Overlap of words of an answer and a reference, as in SQuAD (Rajpurkar et al. 2016, arXiv
 * 1606.05250, section 6.1, and its script): lower case, without punctuation and articles. Pure
 * functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TokenF1 {

  private static final List<String> ARTICLES = List.of("a", "an", "the");

  private TokenF1() {}

  /**
   * Returns the harmonic mean of precision and recall over words, each counted as often as it
   * occurs.
   *
   * @param answer the answer
   * @param reference the reference
   * @return from 0 to 1; 1 when neither has a word, 0 when one of them has none
   */
  public static double of(String answer, String reference) {
    List<String> given = words(answer);
    List<String> wanted = new ArrayList<>(words(reference));
    if (given.isEmpty() || wanted.isEmpty()) {
      return given.isEmpty() && wanted.isEmpty() ? 1 : 0;
    }
    int all = given.size() + wanted.size();
    int common = 0;
    for (String word : given) {
      common += wanted.remove(word) ? 1 : 0;
    }
    return 2.0 * common / all;
  }

  private static List<String> words(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("\\p{Punct}", "");
    return Arrays.stream(plain.split("\\s+"))
        .filter(word -> !word.isEmpty() && !ARTICLES.contains(word))
        .toList();
  }
}
