package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;

/** Counts what becomes of examples. Not thread-safe. */
final class EncodingTally {

  private static final int MAX_REASONS = 5;

  private final String parameter;
  private final List<String> reasons = new ArrayList<>();
  private int examples;
  private int kept;
  private int promptsCut;
  private int turnsCut;
  private int completionsCut;

  /** A tally of the examples a caller gave as the named parameter. */
  EncodingTally(String parameter) {
    this.parameter = parameter;
  }

  /**
   * Encodes an example.
   *
   * @throws IllegalArgumentException when its prompt has tokens that the tokenizer does not know,
   *     naming its index
   */
  EncodingOutcome encode(int index, PromptCompletionEncoder encoder, PromptCompletion example) {
    try {
      return encoder.tryEncode(example);
    } catch (IllegalArgumentException e) {
      throw unusable(index, e);
    }
  }

  /** The same failure with the example's index. */
  IllegalArgumentException unusable(int index, IllegalArgumentException e) {
    return new IllegalArgumentException(
        "%s[%s]: %s".formatted(parameter, index, e.getMessage()), e);
  }

  void keep(int turns, int completions) {
    examples++;
    kept++;
    promptsCut += turns > 0 ? 1 : 0;
    turnsCut += turns;
    completionsCut += completions;
  }

  void drop(int index, String reason) {
    examples++;
    if (reasons.size() < MAX_REASONS) {
      reasons.add(parameter + "[" + index + "]: " + reason);
    }
  }

  EncodingReport report() {
    if (kept == 0) {
      throw new IllegalArgumentException(
          parameter
              + " must hold at least one usable example but "
              + (examples == 0 ? "was empty" : "all " + examples + " were dropped: " + reasons));
    }
    return new EncodingReport(examples, kept, promptsCut, turnsCut, completionsCut, reasons);
  }
}
