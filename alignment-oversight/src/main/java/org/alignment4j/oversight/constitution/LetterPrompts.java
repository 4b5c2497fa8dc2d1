package org.alignment4j.oversight.constitution;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.core.judge.PromptText;

/** Values of the prompts that compare two answers, in either order. */
final class LetterPrompts {
  /** The letter of the answer shown first. */
  static final String FIRST = "A";

  /** The letter of the answer shown second. */
  static final String SECOND = "B";

  static final List<String> LETTERS = List.of(FIRST, SECOND);

  private LetterPrompts() {}

  /** The comparison with its answers exchanged. */
  static Comparison swapped(Comparison comparison) {
    return new Comparison(comparison.prompt(), comparison.second(), comparison.first());
  }

  static Map<String, String> values(
      Comparison comparison, String principle, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("principle", principle);
    values.put("request", PromptText.of(comparison.prompt()));
    values.put("first", comparison.first());
    values.put("second", comparison.second());
    return values;
  }
}
