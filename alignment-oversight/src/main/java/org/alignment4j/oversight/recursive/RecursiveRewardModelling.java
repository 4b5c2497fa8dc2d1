package org.alignment4j.oversight.recursive;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.AmplificationLoop;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.TrainedModels;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * Recursive reward modelling (Leike et al. 2018): at each level an evaluator compares pairs of the
 * agent's outputs, a reward model learns the comparisons, and the agent learns from the reward.
 * From the second level on, the agent of the level before helps the evaluator, who then can judge
 * what would be too hard alone. Tasks on which the evaluator abstains are dropped and counted.
 *
 * <p>It stops when aided and unaided evaluators agree often enough, or when the budget is spent:
 * then the agent of the last level that was finished is the result. Agents between the first and
 * the last are closed when they can be, and so are reward models. Immutable.
 *
 * @param levels from easy to hard, at least one
 * @param evaluation how outputs are compared, without aids
 * @param split how an evaluation is split for the helper
 * @param helper makes the helper of an agent
 * @param drafting how outputs are sampled; not greedy, so that two differ
 * @param rewards how reward models are trained
 * @param improvement what agents learn from rewards
 * @param enough share of agreement of aided and unaided evaluators from which on it stops, in (0,
 *     1]
 * @param asking makes what is asked in the place of an agent, which is trained as it is
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RecursiveRewardModelling(
    List<RewardLevel> levels,
    AidedEvaluation evaluation,
    EvaluationSplit split,
    Function<LanguageModel, Agent> helper,
    SamplingOptions drafting,
    RewardLearner<PreferencePair> rewards,
    AgentImprovement improvement,
    double enough,
    UnaryOperator<LanguageModel> asking)
    implements AmplificationLoop<PromptCompletion> {
  /** Why a loop stops whose evaluators need no help any more. */
  public static final String AGREED = "evaluators agree";

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no level, drafting is greedy or the share out of
   *     range
   */
  public RecursiveRewardModelling {
    levels = List.copyOf(levels);
    Objects.requireNonNull(evaluation, "evaluation");
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(helper, "helper");
    Objects.requireNonNull(rewards, "rewards");
    Objects.requireNonNull(improvement, "improvement");
    Objects.requireNonNull(asking, "asking");
    if (levels.isEmpty() || !(enough > 0 && enough <= 1)) {
      throw new IllegalArgumentException(
          "there must be a level, and enough must be in (0, 1], but there are "
              + levels.size()
              + " and it was "
              + enough);
    }
    if (drafting.isGreedy()) {
      throw new IllegalArgumentException(
          "drafting must not be greedy, or both outputs are the same; set a temperature");
    }
  }

  /** Creates a loop whose agents are asked as they are; see the other constructor. */
  public RecursiveRewardModelling(
      List<RewardLevel> levels,
      AidedEvaluation evaluation,
      EvaluationSplit split,
      Function<LanguageModel, Agent> helper,
      SamplingOptions drafting,
      RewardLearner<PreferencePair> rewards,
      AgentImprovement improvement,
      double enough) {
    this(
        levels,
        evaluation,
        split,
        helper,
        drafting,
        rewards,
        improvement,
        enough,
        UnaryOperator.identity());
  }

  /**
   * Returns this loop with something between it and an agent that drafts, helps and improves, such
   * as a journal of calls; trained agents must have ids of their own then.
   *
   * @param role makes what is asked in an agent's place, such as {@code agent -> calls.as("agent",
   *     agent)}
   */
  public RecursiveRewardModelling asking(UnaryOperator<LanguageModel> role) {
    return new RecursiveRewardModelling(
        levels, evaluation, split, helper, drafting, rewards, improvement, enough, role);
  }

  @Override
  public LanguageModel run(
      LanguageModel model, Learner<PromptCompletion> learner, OversightContext context) {
    return train(model, learner, context).agent();
  }

  /**
   * Runs the loop and tells of each level; see {@link #run}.
   *
   * @throws IllegalArgumentException if a learner cannot train the model
   */
  public RecursiveResult train(
      LanguageModel model, Learner<PromptCompletion> learner, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("recursive reward modelling", "", context, OptionalLong.empty());
    List<LevelReport> reports = new ArrayList<>();
    LanguageModel agent = model;
    for (int number = 0; number < levels.size(); number++) {
      RewardLevel level = levels.get(number);
      Usage before = proceedings.usage();
      LanguageModel speaking = asking.apply(agent);
      LevelComparisons compared;
      try {
        compared =
            new LevelComparisons(
                evaluation,
                number == 0
                    ? Optional.empty()
                    : Optional.of(Aids.by(helper.apply(speaking), split)),
                drafting);
        compared.compare(level, speaking, proceedings);
      } catch (BudgetExceededException limit) {
        return new RecursiveResult(agent, reports, "budget: " + limit.resource());
      }
      if (compared.pairs().isEmpty()) {
        return new RecursiveResult(agent, reports, "no comparison at level " + level.name());
      }
      RewardModel reward =
          rewards.train(model, compared.pairs(), training("reward", number, context));
      LevelReport report =
          compared.report(level, reward, proceedings.usage().minus(before), context);
      List<Prompt> prompts = level.tasks().stream().map(RewardTask::prompt).toList();
      List<PromptCompletion> lessons =
          improvement.lessons(
              speaking,
              reward,
              prompts,
              context.withSeed(CallSeed.of(context.seed(), "improvement", number, 0)));
      close(reward);
      if (lessons.isEmpty()) {
        return new RecursiveResult(agent, reports, "nothing to learn at level " + level.name());
      }
      LanguageModel trained = learner.train(agent, lessons, training("agent", number, context));
      TrainedModels.requireOwnId(agent, trained, speaking);
      if (agent != model) {
        close(agent);
      }
      agent = trained;
      reports.add(report);
      if (number + 1 < levels.size()
          && report.agreement().isPresent()
          && report.agreement().orElseThrow().value() >= enough) {
        return new RecursiveResult(agent, reports, AGREED);
      }
    }
    return new RecursiveResult(agent, reports, "");
  }

  private static TrainingContext training(String what, int level, OversightContext context) {
    return new TrainingContext(
        CallSeed.of(context.seed(), what, level, 0),
        null,
        context.progress(),
        context.cancellation());
  }

  private static void close(Object model) {
    if (model instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new ModelExecutionException("cannot close the model of a level: " + e, e);
      }
    }
  }
}
