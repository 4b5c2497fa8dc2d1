package org.alignment4j.rlhf;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.reward.AnswerReward;
import org.alignment4j.rlhf.reward.FailedAnswer;
import org.alignment4j.rlhf.reward.TokenizedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * What reinforcement learning maximises: a number for each answer, from its text or from its
 * tokens. Safe for concurrent calls; one that remembers what it gave ({@link #state()}) must not be
 * used by two runs at once.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RewardFunction {

  /**
   * Returns what metrics and messages call it.
   *
   * @return a short name, the same in every process
   */
  String name();

  /**
   * Returns what a run that goes on must find as it was.
   *
   * @return the name, and what a function that wraps another makes of it; the same in every process
   */
  default String description() {
    return name();
  }

  /**
   * Scores answers. What it throws ends the step, named with the function and the step unless it is
   * an {@link org.alignment4j.api.AlignmentException}, which passes as it is.
   *
   * @param answers all of one step
   * @param cancellation asks to stop
   * @return one number per answer, in order; empty for an answer it does not apply to
   */
  List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation);

  /**
   * Scores answers, with the named parts behind each number, of which metrics report the means.
   *
   * @param answers all of one step
   * @param cancellation asks to stop
   * @return what {@link #score} gives, and its parts; without parts unless the function has some
   */
  default RewardScores scores(List<Rollout> answers, CancellationToken cancellation) {
    return RewardScores.of(score(answers, cancellation));
  }

  /**
   * Scores answers that those scored before are compared with, such as the greedy ones of {@link
   * PolicyVariants#reMax()}. A function that remembers what it gave scores them as it did those and
   * remembers nothing of them.
   *
   * @param answers one for each prompt of the step
   * @param cancellation asks to stop
   * @return what {@link #scores} gives, unless the function remembers something
   */
  default RewardScores baselineScores(List<Rollout> answers, CancellationToken cancellation) {
    return scores(answers, cancellation);
  }

  /**
   * Refuses what cannot be scored, before anything is sampled. Nothing is refused unless the
   * function knows better.
   *
   * @param policy the model whose answers are scored
   * @param prompts what it is asked
   * @throws IllegalArgumentException when the function reads other tokens than the policy and a
   *     prompt is given as tokens, naming its index
   */
  default void requireReadable(DecoderModel policy, List<? extends Prompt> prompts) {}

  /**
   * Returns what later rewards depend on of those given, for a checkpoint.
   *
   * @return lists of numbers by name; empty unless the function remembers something
   */
  default Map<String, List<Double>> state() {
    return Map.of();
  }

  /**
   * Goes on from a checkpoint, or begins anew: a run without a checkpoint starts with nothing
   * remembered.
   *
   * @param state what {@link #state()} gave; empty, which every function accepts, to forget all
   * @throws IllegalArgumentException when the state is not one of this function
   */
  default void restore(Map<String, List<Double>> state) {
    if (!state.isEmpty()) {
      throw new IllegalArgumentException(
          "reward '%s' remembers nothing but its state has %s".formatted(name(), state.keySet()));
    }
  }

  /**
   * Returns a reward model as a reward function, with its components as parts. It reads the text of
   * prompts and answers, so that its tokenizer need not be the policy's.
   *
   * @param name what metrics call it
   * @param model scores the text of answers
   * @return the function
   */
  static RewardFunction of(String name, RewardModel model) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    return new RewardFunction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
        return scores(answers, cancellation).values();
      }

      @Override
      public RewardScores scores(List<Rollout> answers, CancellationToken cancellation) {
        return RewardScores.ofRewards(
            FailedAnswer.naming(
                model,
                answers.stream().map(Rollout::answer).toList(),
                i -> answers.get(i).place(),
                cancellation));
      }

      @Override
      public void requireReadable(DecoderModel policy, List<? extends Prompt> prompts) {
        if (policy.hasTokenizer()) {
          TokenizedRewardModel.requireReadable(name, model, policy.tokenizer(), prompts);
        }
      }
    };
  }

  /**
   * Returns a reward of text as a reward function.
   *
   * @param name what metrics call it
   * @param reward scores the text of answers, those it applies to
   * @return the function
   */
  static RewardFunction of(String name, AnswerReward reward) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(reward, "reward");
    return new RewardFunction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
        return reward.score(answers.stream().map(Rollout::answer).toList(), cancellation);
      }
    };
  }

  /**
   * Returns a function of single answers.
   *
   * @param name what metrics call it
   * @param score the reward of an answer
   * @return the function
   */
  static RewardFunction each(String name, ToDoubleFunction<Rollout> score) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(score, "score");
    return new RewardFunction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
        return answers.stream().map(a -> OptionalDouble.of(score.applyAsDouble(a))).toList();
      }
    };
  }
}
