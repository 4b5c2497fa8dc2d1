package org.alignment4j.examples.oversee;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Turn;

/** How the pocket model argues and reads arguments: in the forms of its own world. */
final class DebateText {
  private static final Pattern VERIFIED =
      Pattern.compile("<v_quote>(.*?)</v_quote>", Pattern.DOTALL);
  private static final Pattern QUOTED =
      Pattern.compile("<([vu]_)?quote>.*?</([vu]_)?quote>", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("</?([vu]_)?quote>");

  private DebateText() {}

  static String argument(String quote, String claim) {
    return "<quote>" + quote + "</quote> " + claim;
  }

  /**
   * Asks for an argument.
   *
   * @param opponent what the other side said; empty in the beginning
   */
  static Prompt.Chat arguePrompt(String passage, String question, String claim, String opponent) {
    String said = opponent.isEmpty() ? "" : " They say: " + TAG.matcher(opponent).replaceAll("");
    return Prompt.chat(
        Message.user(
            "Read this: " + passage + " " + question + said + " Argue for this: " + claim));
  }

  /** Asks the question, after what there is to read. */
  static Prompt.Chat readPrompt(List<String> texts, String question) {
    String read = texts.isEmpty() ? "" : "Read this: " + String.join(" ", texts) + " ";
    return Prompt.chat(Message.user(read + question));
  }

  /** The verified quotes of all turns, each once. */
  static List<String> verifiedQuotes(List<Turn> turns) {
    Set<String> quotes = new LinkedHashSet<>();
    for (Turn turn : turns) {
      Matcher matcher = VERIFIED.matcher(turn.visible());
      while (matcher.find()) {
        quotes.add(matcher.group(1).strip());
      }
    }
    return List.copyOf(quotes);
  }

  /** What was said beside the quotes, each once. */
  static List<String> claims(List<Turn> turns) {
    Set<String> claims = new LinkedHashSet<>();
    for (Turn turn : turns) {
      String bare = QUOTED.matcher(turn.visible()).replaceAll(" ");
      claims.add(TAG.matcher(bare).replaceAll(" ").replaceAll("\\s+", " ").strip());
    }
    claims.remove("");
    return new ArrayList<>(claims);
  }
}
