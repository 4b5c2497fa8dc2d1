package org.alignment4j.oversight.society;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The end of a text, where answers stand.
 *
 * @param text the text, or its end behind an ellipsis
 * @param cut whether something is missing
 */
record Excerpt(String text, boolean cut) {
  private static final Pattern WORD = Pattern.compile("\\S+");

  static Excerpt of(String text, int maxWords) {
    List<Integer> starts = WORD.matcher(text).results().map(MatchResult::start).toList();
    if (starts.size() <= maxWords) {
      return new Excerpt(text, false);
    }
    return new Excerpt("\u2026 " + text.substring(starts.get(starts.size() - maxWords)), true);
  }
}
