package org.alignment4j.oversight.debate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.oversight.Turn;

/**
 * A transcript with the debaters' names and places exchanged. What is quoted stays as it is: it is
 * the source's. A letter that stands alone is exchanged only where it must name a side: "A" is an
 * article too. Pure functions.
 */
final class Swap {
  private static final String SIDE = "(?i:debater|option|answer|side|choice|verdict)";
  private static final String MARKS = "[*_(\\[\"'\u201c\u2018]*";
  private static final String LETTER = MARKS + "[AB]\\b(?!-)";
  private static final String CLOSED = "[*_)\\]\"'\u201d\u2019]*";
  private static final String JOIN =
      CLOSED + "(?:,?\\s+(?:and|or|nor|vs\\.?|versus|over|than)\\s+|\\s*[/&]\\s*)";
  private static final String COMMA = CLOSED + ",\\s*";

  /** What follows a letter that is no article. */
  private static final String ENDED =
      "(?=" + CLOSED + "(?:[.,;!?]|\\s*$|\\s*\\n|\\s+(?:because|since|and|but|not)\\b))";

  /** Verbs of a third person before which a letter must be a name. */
  private static final String DOES =
      "(?=\\s+(?:is|isn't|was|wasn't|has|had|does|did|wins|won|loses|says|said|argues|claims|shows"
          + "|quotes|cites|gives|offers|states|ignores|admits|concedes|fails|relies|omits|would"
          + "|should|could|cannot)\\b)";

  /** What comes before a letter that is no part of another name, such as "vitamin A". */
  private static final String APART =
      "(?<=^|[.,;:!?(\\n]\\s?|\\b(?i:that|while|because|and|but|or|nor|if|of|to|with|than|as|when"
          + "|since|for|by|from|on|against|both|neither|either|between|whereas|so|then)\\s)";

  private static final Pattern NAMES =
      Pattern.compile(
          "<([vu]_)?quote>.*?(?:</\\1?quote>|\\z)"
              // options A, B; Debaters A and B; sides A/B
              + ("|\\b" + SIDE + "s\\s+" + LETTER)
              + ("(?:(?:" + JOIN + "|" + COMMA + ")" + LETTER + ")*+")
              // option A; option A or B
              + ("|\\b" + SIDE + "\\s+" + LETTER + "(?:" + JOIN + LETTER + ")*+")
              // Answer: A; the answer is A.
              + ("|\\b" + SIDE + "s?(?:\\s*[:=]|\\s+is)\\s*" + LETTER + ENDED)
              // A's case
              + ("|" + APART + "[AB](?=['\u2019]s\\b)")
              // A is wrong
              + ("|" + APART + "[AB]" + DOES)
              // A and B
              + ("|" + APART + "[AB]" + JOIN + "[AB]\\b")
              + "|\\([AB]\\)|\\[[AB]\\]",
          Pattern.DOTALL);
  private static final Pattern ALONE = Pattern.compile("\\b[AB]\\b");

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
    Matcher matcher = NAMES.matcher(text);
    StringBuilder swapped = new StringBuilder();
    while (matcher.find()) {
      String found = matcher.group();
      String kept = found.startsWith("<") ? found : exchanged(found);
      matcher.appendReplacement(swapped, Matcher.quoteReplacement(kept));
    }
    return matcher.appendTail(swapped).toString();
  }

  private static String exchanged(String names) {
    return ALONE.matcher(names).replaceAll(letter -> letter.group().equals("A") ? "B" : "A");
  }
}
