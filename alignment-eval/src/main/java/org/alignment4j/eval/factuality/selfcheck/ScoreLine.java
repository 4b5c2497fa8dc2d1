package org.alignment4j.eval.factuality.selfcheck;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Usage;

/** The score of a sentence as a line of text, as it is kept among an answer's completions. */
final class ScoreLine {

  private static final String NONE = "no verdict";

  private ScoreLine() {}

  static String of(SentenceScore score) {
    String value = score.value().isPresent() ? Double.toString(score.value().getAsDouble()) : NONE;
    return value + "; unclear " + score.unclear() + " of " + score.asked();
  }

  /** The score of a line, without what it cost. */
  static SentenceScore parse(String line) {
    int end = line.indexOf(';');
    String value = line.substring(0, end);
    List<String> words = List.of(line.substring(end + 2).split(" ", -1));
    return new SentenceScore(
        value.equals(NONE) ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value)),
        Integer.parseInt(words.get(3)),
        Integer.parseInt(words.get(1)),
        Usage.NONE);
  }
}
