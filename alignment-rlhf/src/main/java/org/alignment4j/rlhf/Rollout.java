package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * An answer that the policy gave during training. The tokens are those that were sampled: text is
 * never tokenised again.
 *
 * <p>{@link PolicyTrainer#logRollouts} keeps rollouts in {@code rollouts.jsonl}, whose first line
 * has format and version and each other line {@code step}, {@code prompt_index}, {@code sample},
 * {@code prompt} (a text, messages or tokens), {@code completion}, {@code tokens} (their number),
 * {@code truncated}, {@code reward} without the penalty on divergence, {@code rewards} by
 * component, unweighted, {@code cost} under a constraint, and {@code advantage}, the mean over the
 * tokens that are learned from; null is what a completion does not have. {@link RaftTrainer} keeps
 * its answers with their rewards in {@code answers.json} of each iteration.
 *
 * @param prompt number of the prompt among those trained on
 * @param sample number of the answer among those to this prompt that were sampled together
 * @param question the prompt
 * @param promptTokens its tokens
 * @param text the answer, without special tokens
 * @param tokens its tokens, the end token included where there is one; at least one
 * @param truncated whether the length limit ended it
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Rollout(
    int prompt,
    int sample,
    Prompt question,
    TokenIds promptTokens,
    String text,
    TokenIds tokens,
    boolean truncated) {

  /** Checks that nothing is missing. */
  public Rollout {
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(promptTokens, "promptTokens");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(tokens, "tokens");
  }

  /** Which answer it is, for messages: its sample and its prompt. */
  String place() {
    return "sample " + sample + " of prompt " + prompt;
  }

  /** The answer as text, for reward models. */
  public PromptCompletion answer() {
    return new PromptCompletion(question, text);
  }
}
