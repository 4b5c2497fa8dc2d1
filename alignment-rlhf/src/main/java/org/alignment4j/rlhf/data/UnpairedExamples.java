package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * Answers that were found good or bad, as tokens.
 *
 * @param examples those that can be trained on, in the order given
 * @param report what happened to the others
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UnpairedExamples(List<UnpairedExample> examples, EncodingReport report) {

  /** Copies the examples. */
  public UnpairedExamples {
    examples = List.copyOf(examples);
  }

  /**
   * Encodes labelled answers. An answer to an empty prompt is dropped: nothing comes before its
   * first token.
   *
   * @param labels what to encode
   * @param encoder decides where prompts end and answers begin, and appends end tokens
   * @param limits how long examples may be
   * @return the answers that could be encoded within the limits, and a count of the others
   * @throws IllegalArgumentException when an answer is empty (naming its index), or none is left
   */
  public static UnpairedExamples encode(
      List<? extends UnpairedLabel> labels,
      PromptCompletionEncoder encoder,
      SequenceLimits limits) {
    EncodingTally tally = new EncodingTally("labels");
    List<UnpairedExample> examples = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      UnpairedLabel label = labels.get(i);
      if (label.completion().isEmpty()) {
        throw new IllegalArgumentException(
            "labels[%s]: completion must not be empty; remove the label".formatted(i));
      }
      FittedAnswer fitted =
          FittedAnswer.fitBehind(
              new PromptCompletion(label.prompt(), label.completion()), i, encoder, limits, tally);
      if (fitted != null) {
        examples.add(new UnpairedExample(i, fitted.prompt(), fitted.answer(), label.desirable()));
      }
    }
    return new UnpairedExamples(examples, tally.report());
  }
}
