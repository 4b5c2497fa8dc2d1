package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * An answer in steps as tokens. Every step is encoded by itself and followed by the tokens of the
 * separator, so that every step ends with the same tokens; the last of them is where it is scored.
 *
 * @param ids all tokens
 * @param ends for each step the index of its last token
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StepTokens(TokenIds ids, List<Integer> ends) {

  /** Copies the indices. */
  public StepTokens {
    ends = List.copyOf(ends);
  }

  /**
   * Returns what is wrong with the steps of an answer: one that contains the separator would be
   * read as two.
   *
   * @param solution prompt and steps
   * @param separator ends every step, not empty
   * @return what is wrong, by the index of the first such step; empty where nothing is
   */
  public static Optional<String> problem(StepwiseSolution solution, String separator) {
    for (int k = 0; k < solution.steps().size(); k++) {
      if (solution.steps().get(k).contains(separator)) {
        return Optional.of(
            ("steps[%s] must not contain the separator but does; divide the step or take another"
                    + " separator")
                .formatted(k));
      }
    }
    return Optional.empty();
  }

  /**
   * Encodes an answer in steps.
   *
   * @param solution prompt and steps
   * @param encoder encodes the prompt
   * @param tokenizer encodes the steps
   * @param separator ends every step, not empty
   * @return tokens of the prompt and of all steps
   */
  public static StepTokens encode(
      StepwiseSolution solution,
      PromptCompletionEncoder encoder,
      Tokenizer tokenizer,
      String separator) {
    TokenIds end = tokenizer.encode(separator);
    TokenIds ids = encoder.encodePrompt(solution.prompt());
    List<Integer> ends = new ArrayList<>();
    for (String step : solution.steps()) {
      ids = ids.concat(tokenizer.encode(step)).concat(end);
      ends.add(ids.size() - 1);
    }
    return new StepTokens(ids, ends);
  }
}
