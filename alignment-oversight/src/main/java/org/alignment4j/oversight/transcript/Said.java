package org.alignment4j.oversight.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.report.Dialogue.Contribution;
import org.alignment4j.core.report.Dialogue.Mark;
import org.alignment4j.core.report.Dialogue.Span;
import org.alignment4j.core.report.Section;

/** What was said and what it cost, as the pages of all protocols show it. Pure functions. */
final class Said {
  private static final Pattern MARKED =
      Pattern.compile("<([vu])_quote>(.*?)</\\1_quote>", Pattern.DOTALL);

  private Said() {}

  /** Returns every turn as it is written, each role with a voice of its own. */
  static List<Contribution> turns(Transcript transcript) {
    return turns(transcript, turn -> List.of());
  }

  /**
   * Returns every turn as it is written, each role with a voice of its own.
   *
   * @param remarks what to note of a turn before its cost
   */
  static List<Contribution> turns(Transcript transcript, Function<Turn, List<String>> remarks) {
    return turns(transcript, remarks, Said::plain);
  }

  /** Returns every turn of a transcript whose quotes its protocol checked, with them marked. */
  static List<Contribution> checked(Transcript transcript) {
    return turns(transcript, turn -> List.of(), Said::spans);
  }

  private static List<Contribution> turns(
      Transcript transcript,
      Function<Turn, List<String>> remarks,
      Function<String, List<Span>> shown) {
    List<Contribution> contributions = new ArrayList<>();
    Set<String> voices = new LinkedHashSet<>();
    for (Turn turn : transcript.turns()) {
      voices.add(turn.role());
      List<String> notes = new ArrayList<>(remarks.apply(turn));
      notes.addAll(notes(turn.valid(), turn.attempts(), turn.usage()));
      contributions.add(
          new Contribution(
              turn.role() + ", round " + (turn.round() + 1),
              List.copyOf(voices).indexOf(turn.role()),
              shown.apply(turn.visible()),
              turn.hidden(),
              String.join(", ", notes)));
    }
    return contributions;
  }

  /** Returns what to note of a reply. */
  static List<String> notes(boolean valid, int attempts, Usage usage) {
    List<String> notes = new ArrayList<>();
    if (!valid) {
      notes.add("form not kept");
    }
    if (attempts > 1) {
      notes.add(attempts + " attempts");
    }
    if (!usage.equals(Usage.NONE)) {
      notes.add(tokens(usage));
    }
    return notes;
  }

  static String tokens(Usage usage) {
    return usage.calls()
        + (usage.calls() == 1 ? " call, " : " calls, ")
        + usage.totalTokens()
        + " tokens";
  }

  /** Returns a text as it is written: marks in it are claims that nobody checked. */
  static List<Span> plain(String text) {
    return text.isEmpty() ? List.of() : List.of(new Span(text, Mark.PLAIN));
  }

  /** Returns a checked text with its quotes marked. */
  static List<Span> spans(String text) {
    List<Span> spans = new ArrayList<>();
    Matcher matcher = MARKED.matcher(text);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() > end) {
        spans.add(new Span(text.substring(end, matcher.start()), Mark.PLAIN));
      }
      spans.add(
          new Span(matcher.group(2), matcher.group(1).equals("v") ? Mark.VERIFIED : Mark.REFUTED));
      end = matcher.end();
    }
    if (end < text.length()) {
      spans.add(new Span(text.substring(end), Mark.PLAIN));
    }
    return List.copyOf(spans);
  }

  /** Returns what everything cost. */
  static Section cost(String what, int count, Usage usage) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(what, String.valueOf(count));
    facts.put("calls", String.valueOf(usage.calls()));
    facts.put("tokens", String.valueOf(usage.totalTokens()));
    return new Section.KeyValues("Cost", facts);
  }
}
