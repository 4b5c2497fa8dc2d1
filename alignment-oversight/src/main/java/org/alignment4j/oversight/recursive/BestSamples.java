package org.alignment4j.oversight.recursive;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * The sample of the highest reward of several of each prompt; of equal ones the first. Empty
 * samples do not count. Immutable.
 *
 * @param count samples of each prompt, at least 1
 * @param options how they are sampled; the seed is replaced
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BestSamples(int count, SamplingOptions options) implements AgentImprovement {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the count is less than 1
   */
  public BestSamples {
    Objects.requireNonNull(options, "options");
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but was " + count);
    }
  }

  @Override
  public List<PromptCompletion> lessons(
      LanguageModel agent, RewardModel reward, List<Prompt> prompts, OversightContext context) {
    List<PromptCompletion> best = new ArrayList<>(prompts.size());
    List<Double> rewards = new ArrayList<>();
    for (Prompt prompt : prompts) {
      best.add(new PromptCompletion(prompt, ""));
      rewards.add(Double.NEGATIVE_INFINITY);
    }
    for (int sample = 0; sample < count; sample++) {
      List<Completion> drawn =
          agent.generate(
              prompts,
              options.toBuilder().seed(CallSeed.of(context.seed(), "sample", sample, 0)).build(),
              context.cancellation());
      List<Integer> scored = new ArrayList<>();
      List<PromptCompletion> samples = new ArrayList<>();
      for (int i = 0; i < drawn.size(); i++) {
        if (!drawn.get(i).text().isEmpty()) {
          scored.add(i);
          samples.add(new PromptCompletion(prompts.get(i), drawn.get(i).text()));
        }
      }
      List<Reward> values = reward.score(samples, context.cancellation());
      for (int i = 0; i < scored.size(); i++) {
        if (values.get(i).value() > rewards.get(scored.get(i))) {
          rewards.set(scored.get(i), values.get(i).value());
          best.set(scored.get(i), samples.get(i));
        }
      }
    }
    return best.stream().filter(lesson -> !lesson.completion().isEmpty()).toList();
  }
}
