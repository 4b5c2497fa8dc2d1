package org.alignment4j.oversight.debate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.oversight.agent.SpeechForm;
import org.alignment4j.oversight.quote.QuoteVerifier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a player's words before others read them: cut to their length, quotes marked.
 *
 * @param maxWords most words
 * @param verifier checks quotes; null leaves them unmarked
 */
record Floor(int maxWords, @Nullable QuoteVerifier verifier) {
  /** What stands for a turn in which nothing was said. */
  static final String SILENCE = "(No argument was made in this round.)";

  private static final Pattern WORD = Pattern.compile("\\S+");

  Turn admit(Turn turn) {
    String said = cut(QuoteVerifier.unmarked(turn.visible()).strip());
    String text = said.isEmpty() ? SILENCE : verifier == null ? said : verifier.mark(said);
    return new Turn(
        turn.role(),
        turn.round(),
        text,
        turn.hidden(),
        turn.valid() && !said.isEmpty(),
        turn.attempts(),
        turn.usage());
  }

  /** Cuts after the last word that fits, and closes a quote that the cut left open. */
  private String cut(String text) {
    if (SpeechForm.words(text) <= maxWords) {
      return text;
    }
    Matcher words = WORD.matcher(text);
    int end = 0;
    for (int i = 0; i < maxWords && words.find(); i++) {
      end = words.end();
    }
    String kept = text.substring(0, end);
    boolean open = kept.lastIndexOf("<quote>") > kept.lastIndexOf("</quote>");
    return open ? kept + "</quote>" : kept;
  }

  /** Returns turns with those of one role first in every round. */
  static List<Turn> egocentric(List<Turn> turns, String role) {
    List<Turn> own = new ArrayList<>(turns);
    own.sort(
        (a, b) ->
            a.round() != b.round()
                ? Integer.compare(a.round(), b.round())
                : Integer.compare(rank(a, role), rank(b, role)));
    return List.copyOf(own);
  }

  private static int rank(Turn turn, String role) {
    if (turn.role().equals(Debate.JUDGE)) {
      return 0;
    }
    return turn.role().equals(role) ? 1 : 2;
  }
}
