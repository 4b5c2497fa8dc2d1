package org.alignment4j.examples.weaktostrong;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;

/**
 * What a language model says before it learns the task: how much likelier it goes on with the word
 * of the good class than with the other's.
 */
record ZeroShot(LikelihoodModel model, List<String> words) implements RewardModel {

  @Override
  public String id() {
    return String.join(" or ", words).strip() + " by " + model.id();
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<Continuation> continuations = new ArrayList<>();
    for (PromptCompletion answer : answers) {
      Prompt prompt = Prompt.text(((Prompt.Text) answer.prompt()).text() + answer.completion());
      words.forEach(word -> continuations.add(Continuation.of(prompt, word)));
    }
    List<ContinuationScore> scores = model.logProbabilities(continuations, cancellation);
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < scores.size(); i += words.size()) {
      rewards.add(Reward.of(scores.get(i).sum() - scores.get(i + 1).sum()));
    }
    return rewards;
  }
}
