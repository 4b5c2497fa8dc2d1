package org.alignment4j.rlhf.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * Demonstrations that a reward model picks (reward-model-guided self-play: Kim et al. 2023, arXiv
 * 2305.13735, section 3.2, where n is 4): of n answers of a configuration the best one, of equal
 * rewards the first. A supervised training learns them as answers to the prompts in no style.
 *
 * @param configuration who answers
 * @param reward scores answers to the prompts as given, in no style
 * @param n answers to each prompt, from 1
 * @param filters applied to answers before they are scored
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SelfPlay(
    ResponseConfiguration configuration, RewardModel reward, int n, List<ResponseFilter> filters) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when n is less than 1, or above it with greedy sampling
   */
  public SelfPlay {
    Objects.requireNonNull(configuration, "configuration");
    Objects.requireNonNull(reward, "reward");
    filters = List.copyOf(filters);
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1 but was " + n);
    }
    if (n > 1 && configuration.sampling().isGreedy()) {
      throw new IllegalArgumentException(
          "temperature of '%s' must be positive to choose from %s answers but was 0"
              .formatted(configuration.name(), n));
    }
  }

  /**
   * Returns self-play with the filters of {@link ResponseFilter#form()}.
   *
   * @param configuration who answers
   * @param reward scores answers
   * @param n answers to each prompt, from 1
   * @return the self-play
   * @throws IllegalArgumentException when n is less than 1, or above it with greedy sampling
   */
  public static SelfPlay of(ResponseConfiguration configuration, RewardModel reward, int n) {
    return new SelfPlay(configuration, reward, n, ResponseFilter.form());
  }

  /**
   * Samples answers and picks the best.
   *
   * @param prompts may be empty
   * @param cancellation asks to stop
   * @return the best answer to each prompt that has one the filters keep, in order
   * @throws IllegalArgumentException when a prompt does not fit the model or the style
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when a model fails
   */
  public List<PromptCompletion> demonstrations(
      List<? extends Prompt> prompts, CancellationToken cancellation) {
    List<SyntheticResponse> kept = new ArrayList<>();
    for (SyntheticResponse response :
        configuration.respond(prompts, n, !configuration.style().isPlain(), cancellation)) {
      if (filters.stream().allMatch(f -> f.keeps(response))) {
        kept.add(response);
      }
    }
    List<PromptCompletion> answers =
        kept.stream().map(r -> new PromptCompletion(r.prompt(), r.text())).toList();
    List<Reward> rewards = reward.score(answers, cancellation);
    if (rewards.size() != answers.size()) {
      throw new ModelExecutionException(
          "reward model %s must score each of %s answers but gave %s rewards"
              .formatted(reward.id(), answers.size(), rewards.size()));
    }
    List<PromptCompletion> best = new ArrayList<>();
    int at = -1;
    for (int i = 0; i < kept.size(); i++) {
      if (at < 0 || kept.get(i).index() != kept.get(at).index()) {
        at = i;
        best.add(answers.get(i));
      } else if (rewards.get(i).value() > rewards.get(at).value()) {
        at = i;
        best.set(best.size() - 1, answers.get(i));
      }
    }
    return List.copyOf(best);
  }
}
