package org.alignment4j.oversight.society;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * How alike two texts are: the mean of the BLEU of each with the other as reference (Zhu et al.
 * 2018, Texygen, of a set of two), from 0 to 100. BLEU is of n-grams up to 4 (Papineni et al. 2002)
 * with one added to both counts of the orders above 1 (Lin and Och 2004), since single sentences
 * often share no n-gram of an order. Words are runs of letters and digits in lower case. Pure
 * functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SelfBleu {
  private static final int ORDERS = 4;

  private SelfBleu() {}

  /** Returns the likeness of two texts, in [0, 100]: 100 of equal ones, 0 without common words. */
  public static double of(String first, String second) {
    List<String> one = words(first);
    List<String> other = words(second);
    return 50 * (bleu(one, other) + bleu(other, one));
  }

  /** Returns how far two texts differ, {@code 100 − Self-BLEU} (Liang et al. 2023). */
  public static double diversity(String first, String second) {
    return 100 - of(first, second);
  }

  private static double bleu(List<String> candidate, List<String> reference) {
    if (candidate.isEmpty() || reference.isEmpty()) {
      return candidate.equals(reference) ? 1 : 0;
    }
    double logs = 0;
    for (int n = 1; n <= ORDERS; n++) {
      Map<List<String>, Integer> known = grams(reference, n);
      int matches = 0;
      for (Map.Entry<List<String>, Integer> gram : grams(candidate, n).entrySet()) {
        matches += Math.min(gram.getValue(), known.getOrDefault(gram.getKey(), 0));
      }
      int added = n == 1 ? 0 : 1;
      int total = Math.max(0, candidate.size() - n + 1);
      if (matches + added == 0) {
        return 0;
      }
      logs += Math.log((double) (matches + added) / (total + added)) / ORDERS;
    }
    double shortness = Math.min(0, 1 - (double) reference.size() / candidate.size());
    return Math.exp(logs + shortness);
  }

  private static Map<List<String>, Integer> grams(List<String> words, int n) {
    Map<List<String>, Integer> grams = new HashMap<>();
    for (int i = 0; i + n <= words.size(); i++) {
      grams.merge(words.subList(i, i + n), 1, Integer::sum);
    }
    return grams;
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
