package org.alignment4j.rlhf.reward;

import java.util.Collection;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.data.TokenDifference;
import org.apiguardian.api.API;

/**
 * A reward model that makes tokens of text with tokenizers of its own. Text of any language model
 * can be scored by it; a prompt that is given as tokens is read as tokens of its own, so that those
 * of another tokenizer would be another text.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TokenizedRewardModel extends RewardModel {

  /**
   * Returns the tokenizers that read prompts and answers.
   *
   * @return those of all members; empty where none is known
   */
  List<Tokenizer> tokenizers();

  /**
   * Refuses prompts of tokens where the tokens are of another tokenizer. Texts and conversations
   * are always fine.
   *
   * @param name what messages call the reward
   * @param model what scores
   * @param policy the tokenizer that prompts of tokens are of
   * @param prompts what is asked
   * @throws IllegalArgumentException when one would be read as another text, naming its index and
   *     the first token that differs
   */
  static void requireReadable(
      String name, RewardModel model, Tokenizer policy, List<? extends Prompt> prompts) {
    if (!(model instanceof TokenizedRewardModel reader)) {
      return;
    }
    for (int i = 0; i < prompts.size(); i++) {
      if (prompts.get(i) instanceof Prompt.Tokens) {
        for (Tokenizer tokenizer : reader.tokenizers()) {
          requireSame(name, i, policy, tokenizer);
        }
        return;
      }
    }
  }

  private static void requireSame(String name, int index, Tokenizer policy, Tokenizer own) {
    TokenDifference.between(policy, own)
        .ifPresent(
            d -> {
              throw new IllegalArgumentException(
                  ("prompts[%s] is tokens, which reward '%s' must read with the policy's tokenizer, but"
                          + " token %s is '%s' to the policy and '%s' to the reward model; give the prompt"
                          + " as a text or a conversation")
                      .formatted(index, name, d.id(), d.first(), d.second()));
            });
  }

  /**
   * Returns the tokenizers of several models.
   *
   * @param models any models
   * @return those of the models that are known to have some
   */
  static List<Tokenizer> of(Collection<? extends RewardModel> models) {
    return models.stream()
        .filter(TokenizedRewardModel.class::isInstance)
        .flatMap(m -> ((TokenizedRewardModel) m).tokenizers().stream())
        .toList();
  }
}
