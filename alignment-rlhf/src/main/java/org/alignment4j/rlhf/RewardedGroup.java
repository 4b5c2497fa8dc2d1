package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Answers to one prompt that are compared with each other. Immutable.
 *
 * @param prompt at least one token
 * @param answers at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardedGroup(TokenIds prompt, List<RewardedAnswer> answers) {

  /**
   * Checks that something is there.
   *
   * @throws IllegalArgumentException when there is no token or no answer
   */
  public RewardedGroup {
    Objects.requireNonNull(prompt, "prompt");
    answers = List.copyOf(answers);
    if (prompt.isEmpty() || answers.isEmpty()) {
      throw new IllegalArgumentException(
          "a group must have a prompt of at least one token and at least one answer but has %s and %s"
              .formatted(prompt.size(), answers.size()));
    }
  }

  /**
   * Returns a group of texts, for loops of one's own over {@link PolicyTraining#step(List)}. Prompt
   * and answers get the tokens that the model's sampler reads and gives: a conversation is rendered
   * by the model's chat template up to where the answer begins, an answer is encoded behind its
   * prompt, and an end token follows unless a length limit ended it. Where a sampler chose other
   * tokens for the same text than the tokenizer does, this has the tokenizer's; give {@link
   * RewardedAnswer}s where the tokens are known.
   *
   * <pre>{@code
   * RewardedGroup group =
   *     RewardedGroup.of(
   *         base,
   *         Prompt.text("The capital of France is"),
   *         RewardedText.of(" Paris.", 1),
   *         RewardedText.of(" Lyon.", 0));
   * }</pre>
   *
   * @param model the policy, or the model it started from; open, with a tokenizer
   * @param prompt what is answered
   * @param answers at least one
   * @return the group
   * @throws IllegalArgumentException when the prompt has no tokens or unknown ones, there is no
   *     answer, or an answer has no tokens or none that begins where the prompt ends, named by its
   *     index
   * @throws IllegalStateException when the model is closed or has no tokenizer
   */
  public static RewardedGroup of(DecoderModel model, Prompt prompt, RewardedText... answers) {
    AnswerTokens tokens = new AnswerTokens(model);
    TokenIds ids = tokens.prompt(prompt);
    List<RewardedAnswer> encoded = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      RewardedText answer = answers[i];
      try {
        encoded.add(
            new RewardedAnswer(
                tokens.answer(prompt, ids, answer.text(), !answer.truncated()),
                answer.truncated(),
                answer.rewards(),
                null));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("answers[%s]: %s".formatted(i, e.getMessage()), e);
      }
    }
    return new RewardedGroup(ids, encoded);
  }
}
