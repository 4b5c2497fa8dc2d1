package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;

/** Reward models that others are made of: their failures are told by their names. */
final class Members {

  private Members() {}

  /** Copies members by name, in order. */
  static Map<String, RewardModel> copy(Map<String, ? extends RewardModel> members) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members must be at least one but there are none");
    }
    return ImmutableMap.copyOf(members);
  }

  static List<Reward> rewards(
      String name,
      RewardModel model,
      List<PromptCompletion> answers,
      CancellationToken cancellation) {
    cancellation.throwIfCancelled("scoring");
    List<Reward> rewards;
    try {
      rewards = FailedAnswer.naming(model, answers, i -> "answers[" + i + "]", cancellation);
    } catch (CancelledException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "reward model '%s': %s".formatted(name, e.getMessage()), e);
    } catch (ModelExecutionException e) {
      throw new ModelExecutionException("reward model '%s': %s".formatted(name, e.getMessage()), e);
    }
    if (rewards.size() != answers.size()) {
      throw new ModelExecutionException(
          "reward model '%s' must score each of %s answers but scored %s"
              .formatted(name, answers.size(), rewards.size()));
    }
    return rewards;
  }

  static double[] scores(
      String name,
      RewardModel model,
      List<PromptCompletion> answers,
      CancellationToken cancellation) {
    return rewards(name, model, answers, cancellation).stream()
        .mapToDouble(Reward::value)
        .toArray();
  }

  /** Fails by name where arithmetic left the range of numbers. */
  static double finite(String name, int answer, double value) {
    if (!Double.isFinite(value)) {
      throw new ModelExecutionException(
          "the reward '%s' of answers[%s] must be finite but was %s"
              .formatted(name, answer, value));
    }
    return value;
  }
}
