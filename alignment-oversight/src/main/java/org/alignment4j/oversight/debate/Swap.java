package org.alignment4j.oversight.debate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.oversight.Turn;

/** A transcript with the debaters' names and places exchanged. Pure functions. */
final class Swap {
  private static final Pattern NAME = Pattern.compile("\\b(Debater|Option|option) ([AB])\\b");

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
      matcher.appendReplacement(
          swapped, matcher.group(1) + " " + (matcher.group(2).equals("A") ? "B" : "A"));
    }
    return matcher.appendTail(swapped).toString();
  }
}
