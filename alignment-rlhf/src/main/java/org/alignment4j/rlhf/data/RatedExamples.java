package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * Rated answers as tokens.
 *
 * @param examples those that can be trained on, in the order given
 * @param report what happened to the others
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RatedExamples(List<RatedExample> examples, EncodingReport report) {

  /** Copies the examples. */
  public RatedExamples {
    examples = List.copyOf(examples);
  }

  /**
   * Encodes rated answers. An answer to an empty prompt is dropped: nothing comes before its first
   * token.
   *
   * @param answers what to encode; empty answers are dropped
   * @param encoder decides where prompts end and answers begin, and appends end tokens
   * @param limits how long examples may be
   * @return the answers that could be encoded within the limits, and a count of the others
   * @throws IllegalArgumentException when none is left
   */
  public static RatedExamples encode(
      List<RatedAnswer> answers, PromptCompletionEncoder encoder, SequenceLimits limits) {
    EncodingTally tally = new EncodingTally("answers");
    List<RatedExample> examples = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      RatedAnswer rated = answers.get(i);
      if (rated.answer().completion().isEmpty()) {
        tally.drop(i, "completion must not be empty");
        continue;
      }
      FittedAnswer fitted = FittedAnswer.fitBehind(rated.answer(), i, encoder, limits, tally);
      if (fitted != null) {
        examples.add(new RatedExample(i, fitted.prompt(), fitted.answer(), rated.reward()));
      }
    }
    return new RatedExamples(examples, tally.report());
  }
}
