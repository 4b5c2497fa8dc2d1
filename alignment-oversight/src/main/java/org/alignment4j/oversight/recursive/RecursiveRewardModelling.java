package org.alignment4j.oversight.recursive;

import java.nio.file.Path;
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
import org.alignment4j.oversight.agent.ModelAgent;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

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
 * @param runFolder where each level's trainings keep folders of their own; null keeps nothing
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
    @Nullable Path runFolder,
    UnaryOperator<LanguageModel> asking)
    implements AmplificationLoop<PromptCompletion> {
  /** Why a loop stops whose evaluators need no help any more. */
  public static final String AGREED = "evaluators agree";

  private static final int MAX_NEW_TOKENS = 1000;
  private static final int SAMPLES = 16;
  private static final double ENOUGH = 0.95;

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

  /**
   * Returns a loop with usual settings: helpers speak as {@link ModelAgent#of}, outputs of at most
   * 1000 tokens are sampled at temperature 1, agents learn the best of 16 samples, and it stops
   * when evaluators agree on 95 % of the items. It keeps no run folders.
   */
  public static RecursiveRewardModelling of(
      List<RewardLevel> levels,
      AidedEvaluation evaluation,
      EvaluationSplit split,
      RewardLearner<PreferencePair> rewards) {
    SamplingOptions drafting = SamplingOptions.sampling(MAX_NEW_TOKENS, 0);
    return new RecursiveRewardModelling(
        levels,
        evaluation,
        split,
        ModelAgent::of,
        drafting,
        rewards,
        new BestSamples(SAMPLES, drafting),
        ENOUGH,
        null,
        UnaryOperator.identity());
  }

  /** Returns this loop with helpers made otherwise. */
  public RecursiveRewardModelling withHelper(Function<LanguageModel, Agent> maker) {
    return new RecursiveRewardModelling(
        levels,
        evaluation,
        split,
        maker,
        drafting,
        rewards,
        improvement,
        enough,
        runFolder,
        asking);
  }

  /** Returns this loop with outputs sampled otherwise; lessons are sampled as they were. */
  public RecursiveRewardModelling withDrafting(SamplingOptions options) {
    return new RecursiveRewardModelling(
        levels,
        evaluation,
        split,
        helper,
        options,
        rewards,
        improvement,
        enough,
        runFolder,
        asking);
  }

  /** Returns this loop with other lessons for agents. */
  public RecursiveRewardModelling withImprovement(AgentImprovement method) {
    return new RecursiveRewardModelling(
        levels, evaluation, split, helper, drafting, rewards, method, enough, runFolder, asking);
  }

  /** Returns this loop with another share of agreement from which on it stops. */
  public RecursiveRewardModelling withEnough(double share) {
    return new RecursiveRewardModelling(
        levels,
        evaluation,
        split,
        helper,
        drafting,
        rewards,
        improvement,
        share,
        runFolder,
        asking);
  }

  /** Returns this loop with a folder that gets run folders for the trainings of each level. */
  public RecursiveRewardModelling withRunFolder(Path folder) {
    return new RecursiveRewardModelling(
        levels, evaluation, split, helper, drafting, rewards, improvement, enough, folder, asking);
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
        levels, evaluation, split, helper, drafting, rewards, improvement, enough, runFolder, role);
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
    List<LanguageModel> trained = new ArrayList<>();
    try {
      return train(model, learner, context, trained);
    } catch (RuntimeException failure) {
      if (!trained.isEmpty()) {
        close(trained.get(trained.size() - 1));
      }
      throw failure;
    }
  }

  private RecursiveResult train(
      LanguageModel model,
      Learner<PromptCompletion> learner,
      OversightContext context,
      List<LanguageModel> trained) {
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
        return new RecursiveResult(
            agent, reports, proceedings.usage(), "budget: " + limit.resource());
      }
      if (compared.pairs().isEmpty()) {
        return new RecursiveResult(
            agent, reports, proceedings.usage(), "no comparison at level " + level.name());
      }
      RewardModel reward =
          rewards.train(model, compared.pairs(), training("reward", number, context));
      Lessons lessons;
      LevelReport report;
      try {
        lessons = lessons(speaking, reward, number, proceedings);
        report = compared.report(level, reward, proceedings.usage().minus(before), context);
      } finally {
        close(reward);
      }
      if (!lessons.incomplete().isEmpty()) {
        return new RecursiveResult(agent, reports, proceedings.usage(), lessons.incomplete());
      }
      if (lessons.completions().isEmpty()) {
        return new RecursiveResult(
            agent, reports, proceedings.usage(), "nothing to learn at level " + level.name());
      }
      LanguageModel taught =
          learner.train(agent, lessons.completions(), training("agent", number, context));
      trained.add(taught);
      TrainedModels.requireOwnId(agent, taught, speaking);
      if (agent != model) {
        close(agent);
      }
      agent = trained.get(number);
      reports.add(report);
      if (number + 1 < levels.size()
          && report.agreement().isPresent()
          && report.agreement().orElseThrow().value() >= enough) {
        return new RecursiveResult(agent, reports, proceedings.usage(), AGREED);
      }
    }
    return new RecursiveResult(agent, reports, proceedings.usage(), "");
  }

  private Lessons lessons(
      LanguageModel agent, RewardModel reward, int number, Proceedings proceedings) {
    List<Prompt> prompts = levels.get(number).tasks().stream().map(RewardTask::prompt).toList();
    Lessons lessons;
    try {
      OversightContext next = proceedings.next();
      lessons =
          improvement.lessons(
              agent,
              reward,
              prompts,
              next.withSeed(CallSeed.of(next.seed(), "improvement", number, 0)));
    } catch (BudgetExceededException limit) {
      return new Lessons(List.of(), Usage.NONE, "budget: " + limit.resource());
    }
    proceedings.spend(lessons.usage());
    return lessons;
  }

  private TrainingContext training(String what, int level, OversightContext context) {
    return new TrainingContext(
        CallSeed.of(context.seed(), what, level, 0),
        runFolder == null ? null : runFolder.resolve("level-" + level).resolve(what),
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
