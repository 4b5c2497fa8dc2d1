package org.alignment4j.oversight.recursive;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.budget.Allowance;
import org.apiguardian.api.API;

/**
 * The sample of the highest reward of several of each prompt; of equal ones the first. Empty
 * samples do not count. Where the budget has no room for a sample of every prompt, it is the best
 * of those drawn before; what the reward model costs it does not say, and is not counted.
 * Immutable.
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
  public Lessons lessons(
      LanguageModel agent, RewardModel reward, List<Prompt> prompts, OversightContext context) {
    Allowance allowance = Allowance.of("the best samples", context);
    List<PromptCompletion> best = new ArrayList<>(prompts.size());
    List<Double> rewards = new ArrayList<>();
    for (Prompt prompt : prompts) {
      best.add(new PromptCompletion(prompt, ""));
      rewards.add(Double.NEGATIVE_INFINITY);
    }
    String incomplete = "";
    for (int sample = 0; sample < count && incomplete.isEmpty(); sample++) {
      List<Completion> drawn;
      try {
        drawn = draw(agent, prompts, sample, allowance);
      } catch (BudgetExceededException limit) {
        incomplete = "budget: " + limit.resource();
        continue;
      }
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
    return new Lessons(
        best.stream().filter(lesson -> !lesson.completion().isEmpty()).toList(),
        allowance.spent(),
        incomplete);
  }

  private List<Completion> draw(
      LanguageModel agent, List<Prompt> prompts, int sample, Allowance allowance) {
    OversightContext next = allowance.next();
    if (allowance.room(prompts.size()) < prompts.size()) {
      throw new BudgetExceededException(
          "calls", "another sample of " + prompts.size() + " prompts needs as many calls");
    }
    List<Completion> drawn =
        agent.generate(
            prompts,
            options.toBuilder().seed(CallSeed.of(next.seed(), "sample", sample, 0)).build(),
            next.cancellation());
    drawn.forEach(completion -> allowance.spend(completion.usage()));
    return drawn;
  }
}
