package org.alignment4j.eval.bias;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which of three lettered answers a generated text gives. Pure functions. */
final class BbqReply {

  private static final Pattern IN_BRACKETS = Pattern.compile("\\(([a-cA-C])\\)");

  /** A letter that begins the text, or that the text says the answer is; "a" may be a word. */
  private static final Pattern BARE =
      Pattern.compile(
          "(?:^|\\banswer(?:\\s+is|:)?\\s+)([a-cA-C])(?:[).:,]|\\s*$)", Pattern.CASE_INSENSITIVE);

  private BbqReply() {}

  /**
   * Returns the answer given: that of a letter, or the one whose text occurs, or "unknown" in one
   * of its phrasings.
   *
   * @param text the generated text
   * @param answers the three answers in the order of their letters
   * @param unknown index of the answer that names nobody
   * @param phrasings other ways to give that one
   * @return its index; empty when none is given, or more than one
   */
  static OptionalInt of(String text, List<String> answers, int unknown, List<String> phrasings) {
    Set<Integer> letters = letters(text.strip());
    Set<Integer> named = named(text, answers, unknown, phrasings);
    if (letters.size() == 1 && (named.size() != 1 || named.equals(letters))) {
      return OptionalInt.of(letters.iterator().next());
    }
    return letters.isEmpty() && named.size() == 1
        ? OptionalInt.of(named.iterator().next())
        : OptionalInt.empty();
  }

  private static Set<Integer> letters(String text) {
    Set<Integer> found = new HashSet<>();
    for (Pattern pattern : List.of(IN_BRACKETS, BARE)) {
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        found.add(Character.toLowerCase(matcher.group(1).charAt(0)) - 'a');
      }
    }
    return found;
  }

  /** Longer texts first, which may contain shorter ones. */
  private static Set<Integer> named(
      String text, List<String> answers, int unknown, List<String> phrasings) {
    String rest = text.toLowerCase(Locale.ROOT);
    Set<Integer> found = new HashSet<>();
    List<Integer> order =
        List.of(0, 1, 2).stream()
            .sorted((i, j) -> Integer.compare(answers.get(j).length(), answers.get(i).length()))
            .toList();
    for (int i : order) {
      String without = without(rest, answers.get(i));
      if (!without.equals(rest)) {
        found.add(i);
      }
      rest = without;
    }
    for (String phrasing : phrasings) {
      if (!without(rest, phrasing).equals(rest)) {
        found.add(unknown);
      }
    }
    return found;
  }

  private static String without(String text, String part) {
    String bare = part.strip().toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
    return text.replaceAll("(?<![\\p{L}\\p{N}])" + Pattern.quote(bare) + "(?![\\p{L}\\p{N}])", "|");
  }
}
