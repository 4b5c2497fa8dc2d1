package org.alignment4j.eval.factuality;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * BLEU of one candidate against one reference (Papineni et al. 2002), as sacreBLEU computes it with
 * {@code tokenize=intl}, {@code smooth_method=exp} and without effective order, which the authors
 * of TruthfulQA use: {@code 100 · BP · exp(¼ Σₙ ln pₙ)} over n-grams of 1 to 4 tokens. The k-th
 * precision without a match counts as {@code 1/(2ᵏ · n-grams)}. A candidate of fewer than four
 * tokens scores 0 whatever it says. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Bleu {

  private static final int ORDER = 4;
  private static final Pattern PUNCTUATION_AFTER = Pattern.compile("(\\P{N})(\\p{P})");
  private static final Pattern PUNCTUATION_BEFORE = Pattern.compile("(\\p{P})(\\P{N})");
  private static final Pattern SYMBOL = Pattern.compile("(\\p{S})");
  private static final Pattern SPACE = Pattern.compile("(?U)\\s+");

  private Bleu() {}

  /**
   * Returns the score of a sentence.
   *
   * @param candidate what is scored
   * @param reference what it is compared with
   * @return from 0 to 100
   */
  public static double sentence(String candidate, String reference) {
    return of(tokens(candidate), tokens(reference));
  }

  /**
   * Splits a text as {@code mteval-v14 --international-tokenization} does: punctuation is a token
   * of its own except between digits, and so is every symbol.
   *
   * @param text any text
   * @return its tokens, case kept
   */
  public static List<String> tokens(String text) {
    String spaced = PUNCTUATION_AFTER.matcher(text).replaceAll("$1 $2 ");
    spaced = PUNCTUATION_BEFORE.matcher(spaced).replaceAll(" $1 $2");
    spaced = SYMBOL.matcher(spaced).replaceAll(" $1 ");
    return SPACE.splitAsStream(spaced).filter(token -> !token.isEmpty()).toList();
  }

  /**
   * Returns the score of tokens.
   *
   * @param candidate tokens of what is scored
   * @param reference tokens of what it is compared with
   * @return from 0 to 100
   */
  public static double of(List<String> candidate, List<String> reference) {
    double logs = 0;
    double smoothing = 1;
    boolean matched = false;
    for (int n = 1; n <= ORDER; n++) {
      int total = candidate.size() - n + 1;
      if (total < 1) {
        return 0;
      }
      int correct = matches(candidate, reference, n);
      matched |= correct > 0;
      if (correct == 0) {
        smoothing *= 2;
      }
      logs += Math.log(correct == 0 ? 1 / (smoothing * total) : (double) correct / total);
    }
    double shortfall = Math.min(0, 1 - (double) reference.size() / candidate.size());
    return matched ? Math.min(100, 100 * Math.exp(shortfall + logs / ORDER)) : 0;
  }

  private static int matches(List<String> candidate, List<String> reference, int n) {
    Map<List<String>, Integer> left = counts(reference, n);
    int matches = 0;
    for (int i = 0; i + n <= candidate.size(); i++) {
      List<String> gram = candidate.subList(i, i + n);
      int count = left.getOrDefault(gram, 0);
      if (count > 0) {
        matches++;
        left.put(gram, count - 1);
      }
    }
    return matches;
  }

  private static Map<List<String>, Integer> counts(List<String> tokens, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int i = 0; i + n <= tokens.size(); i++) {
      counts.merge(tokens.subList(i, i + n), 1, Integer::sum);
    }
    return counts;
  }
}
