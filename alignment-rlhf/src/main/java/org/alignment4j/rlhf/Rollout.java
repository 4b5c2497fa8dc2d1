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

  /** The answer as text, for reward models. */
  public PromptCompletion answer() {
    return new PromptCompletion(question, text);
  }
}
