package org.alignment4j.oversight.recursive;

import java.util.List;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * What an agent learns from a reward model: best-of-n samples as {@link BestSamples} gives them, or
 * what a user's own method makes of the reward. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface AgentImprovement {

  /**
   * Returns what the agent is to learn.
   *
   * @param agent the agent so far
   * @param reward judges its outputs
   * @param prompts what it is asked
   * @param context seed, budget and cancellation
   * @return the lessons; incomplete, with what they cost, when the budget ended
   */
  Lessons lessons(
      LanguageModel agent, RewardModel reward, List<Prompt> prompts, OversightContext context);
}
