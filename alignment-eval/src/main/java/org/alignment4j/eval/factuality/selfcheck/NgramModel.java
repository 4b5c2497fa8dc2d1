package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * An n-gram model by plain counts, without smoothing: {@code P(w | h) = count(h w) / count(h ·)}
 * with the history of n − 1 tokens, start marks before a sentence (Manakul et al. 2023, arXiv
 * 2303.08896, section 5.4). Tokens are words and single marks in lower case. Immutable and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NgramModel {

  private static final Pattern TOKEN =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:['’][\\p{L}\\p{M}]+)?|[^\\s\\p{L}\\p{M}\\p{N}]");
  private static final String START = "";

  private final int n;
  private final Map<List<String>, Integer> grams = new HashMap<>();
  private final Map<List<String>, Integer> histories = new HashMap<>();

  /**
   * Counts.
   *
   * @param n length of the n-grams, at least 1
   * @param sentences what is counted
   * @throws IllegalArgumentException when n is below 1
   */
  public NgramModel(int n, List<String> sentences) {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1 but was " + n);
    }
    this.n = n;
    for (String sentence : sentences) {
      for (List<String> gram : grams(sentence)) {
        grams.merge(gram, 1, Integer::sum);
        histories.merge(gram.subList(0, n - 1), 1, Integer::sum);
      }
    }
  }

  private List<List<String>> grams(String sentence) {
    List<String> tokens = new ArrayList<>();
    for (int i = 1; i < n; i++) {
      tokens.add(START);
    }
    tokens.addAll(tokens(sentence));
    List<List<String>> all = new ArrayList<>();
    for (int i = 0; i + n <= tokens.size(); i++) {
      all.add(List.copyOf(tokens.subList(i, i + n)));
    }
    return all;
  }

  /**
   * Cuts a text into tokens.
   *
   * @param text any text
   * @return its tokens in lower case
   */
  public static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher token = TOKEN.matcher(text.toLowerCase(Locale.ROOT));
    while (token.find()) {
      tokens.add(token.group());
    }
    return List.copyOf(tokens);
  }

  /**
   * Returns the surprise of each token of a sentence.
   *
   * @param sentence any text
   * @return {@code −ln P}, in nats; infinite for what was not counted
   */
  public double[] surprises(String sentence) {
    return grams(sentence).stream()
        .mapToDouble(
            gram ->
                Math.log(
                    (double) histories.getOrDefault(gram.subList(0, n - 1), 0)
                        / grams.getOrDefault(gram, 0)))
        .map(surprise -> Double.isNaN(surprise) ? Double.POSITIVE_INFINITY : surprise)
        .toArray();
  }
}
