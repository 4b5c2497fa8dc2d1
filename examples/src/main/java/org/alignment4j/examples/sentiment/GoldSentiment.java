package org.alignment4j.examples.sentiment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The truth of this objective: positive words less negative words of a text, by a {@link Lexicon}.
 * The sign of a word turns round when one of the two words before it in the same clause negates
 * ({@code not}, {@code no}, {@code never}, {@code without}, {@code cannot}, or a form in {@code
 * n't}). Sentiment that is not in single words is not seen. Immutable and thread-safe.
 */
public final class GoldSentiment {

  private static final int REACH = 2;

  /** A word, or a character that ends a clause. */
  private static final Pattern TOKEN =
      Pattern.compile("[\\p{L}]+(?:['’][\\p{L}]+)*|[.,;:!?\"“”\n]");

  private static final List<String> NEGATIONS = List.of("not", "no", "never", "without", "cannot");

  private final Lexicon lexicon;

  /**
   * A score.
   *
   * @param lexicon the words that count
   */
  public GoldSentiment(Lexicon lexicon) {
    this.lexicon = lexicon;
  }

  /**
   * Returns the sentiment of a text.
   *
   * @param text any text
   * @return positive words less negative words, a whole number
   */
  public double of(String text) {
    int sum = 0;
    Deque<String> before = new ArrayDeque<>();
    for (String token : tokens(text)) {
      if (!Character.isLetter(token.charAt(0))) {
        before.clear();
        continue;
      }
      int weight = lexicon.weight(token);
      sum += before.stream().anyMatch(GoldSentiment::negates) ? -weight : weight;
      before.addLast(token);
      if (before.size() > REACH) {
        before.removeFirst();
      }
    }
    return sum;
  }

  private static boolean negates(String word) {
    return NEGATIONS.contains(word) || word.endsWith("n't") || word.endsWith("n’t");
  }

  /**
   * Returns the words of a text.
   *
   * @param text any text
   * @return its words in lower case, in order
   */
  public static List<String> words(String text) {
    return tokens(text).stream().filter(token -> Character.isLetter(token.charAt(0))).toList();
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }
}
