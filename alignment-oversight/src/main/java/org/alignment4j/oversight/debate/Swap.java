package org.alignment4j.oversight.debate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.oversight.Turn;

/**
 * A transcript with the debaters' names and places exchanged. What is quoted stays as it is: it is
 * the source's. Pure functions.
 */
final class Swap {
  private static final Pattern NAME =
      Pattern.compile(
          "<([vu]_)?quote>.*?(?:</\\1?quote>|\\z)"
              + "|\\b(?<name>(?i:debater|option|answer|side|choice)s? )\\(?(?<letter>[AB])\\b"
              + "|\\((?<alone>[AB])\\)",
          Pattern.DOTALL);

  private Swap() {}

  /** Returns the turns with names exchanged, also in what was said, and the other side first. */
  static List<Turn> turns(List<Turn> turns) {
    List<Turn> swapped = new ArrayList<>();
    for (Turn turn : turns) {
      swapped.add(
          new Turn(
              text(turn.role()),
              turn.round(),
              text(turn.visible()),
              "",
              turn.valid(),
              turn.attempts(),
              turn.usage()));
    }
    return Floor.egocentric(swapped, Debate.FIRST);
  }

  static String text(String text) {
    Matcher matcher = NAME.matcher(text);
    StringBuilder swapped = new StringBuilder();
    while (matcher.find()) {
      int at = Math.max(matcher.start("letter"), matcher.start("alone"));
      String found = matcher.group();
      if (at >= 0) {
        int letter = at - matcher.start();
        String other = found.charAt(letter) == 'A' ? "B" : "A";
        found = found.substring(0, letter) + other + found.substring(letter + 1);
      }
      matcher.appendReplacement(swapped, Matcher.quoteReplacement(found));
    }
    return matcher.appendTail(swapped).toString();
  }
}
