package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingProgress;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reinforcement learning from rewards of sampled completions: GRPO and its kin, RLOO, REINFORCE++.
 * The model training starts from is the reference. Immutable.
 *
 * <pre>{@code
 * DecoderModel policy =
 *     PolicyTrainer.of(base, PolicyMethod.grpo())
 *         .reward(RewardFunction.of("helpful", rewardModel))
 *         .rollouts(RolloutOptions.of(64))
 *         .adapter(Lora.rank(16))
 *         .train(prompts)
 *         .model();
 * }</pre>
 *
 * <p>{@link #batchSize} counts the prompts of a step and {@link #epochs} passes over the prompts.
 * What is reported of a step says {@link PolicyTraining}. A run with a folder that was killed or
 * cancelled continues from its newest checkpoint and ends in the same bits; reward functions must
 * give the same rewards for that.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PolicyTrainer extends TrainerSettings<PolicyTrainer> {

  private static final int CHECKPOINTS_KEPT = 2;
  private static final String TASK = "policy";
  private static final RolloutOptions ROLLOUTS = RolloutOptions.of(64);

  private final DecoderModel base;
  private final PolicyMethod method;
  private final PolicyRewards rewards;
  private final RolloutOptions rollouts;

  private PolicyTrainer(
      DecoderModel base,
      PolicyMethod method,
      PolicyRewards rewards,
      RolloutOptions rollouts,
      FineTuningOptions options) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.method = Objects.requireNonNull(method, "method");
    this.rewards = rewards;
    this.rollouts = Objects.requireNonNull(rollouts, "rollouts");
  }

  /**
   * Returns a trainer with a learning rate of 1e-6 that samples up to 64 tokens, and otherwise the
   * settings of {@link FineTuningOptions#of}. Adapters need a higher rate, such as 1e-5. It has no
   * reward yet.
   *
   * @param base where training starts, and the reference; left as it is
   * @param method how rewards become updates
   * @return the trainer
   */
  public static PolicyTrainer of(DecoderModel base, PolicyMethod method) {
    return new PolicyTrainer(
        base, method, PolicyRewards.none(), ROLLOUTS, FineTuningOptions.of(1e-6));
  }

  @Override
  public PolicyTrainer options(FineTuningOptions newOptions) {
    return new PolicyTrainer(base, method, rewards, rollouts, newOptions);
  }

  /**
   * Returns a trainer with one more reward, of weight 1.
   *
   * @param function scores completions
   * @return the trainer
   * @throws IllegalArgumentException when another reward has its name
   */
  public PolicyTrainer reward(RewardFunction function) {
    return reward(function, 1);
  }

  /**
   * Returns a trainer with one more reward.
   *
   * @param function scores completions
   * @param weight its weight in the sum, finite
   * @return the trainer
   * @throws IllegalArgumentException when another reward has its name or the weight is not finite
   */
  public PolicyTrainer reward(RewardFunction function, double weight) {
    return with(rewards.and(new WeightedReward(function, weight)), rollouts);
  }

  /**
   * Returns a trainer that takes something off the reward of completions that the length limit
   * ended.
   *
   * @param penalty not negative
   * @return the trainer
   * @throws IllegalArgumentException when the penalty is negative or not finite
   */
  public PolicyTrainer missingEndPenalty(double penalty) {
    return with(new PolicyRewards(rewards.functions(), penalty, rewards.overlong()), rollouts);
  }

  /**
   * Returns a trainer that takes off the reward of completions near the length limit (Yu et al.
   * 2025, arXiv 2503.14476, eq. 13).
   *
   * @param penalty the penalty, whose weight is 1
   * @return the trainer
   */
  public PolicyTrainer overlong(SoftOverlong penalty) {
    return with(
        new PolicyRewards(
            rewards.functions(), rewards.missingEnd(), Objects.requireNonNull(penalty, "penalty")),
        rollouts);
  }

  /**
   * Returns a trainer that samples in another way.
   *
   * @param options length and temperature
   * @return the trainer
   */
  public PolicyTrainer rollouts(RolloutOptions options) {
    return with(rewards, options);
  }

  private PolicyTrainer with(PolicyRewards newRewards, RolloutOptions newRollouts) {
    return new PolicyTrainer(base, method, newRewards, newRollouts, options());
  }

  /**
   * Begins training, for a loop of one's own. The settings of run folder, progress and listeners
   * are not used.
   *
   * @param prompts at least one
   * @return the training; the caller closes it
   * @throws IllegalArgumentException when there is no prompt or no reward, or a prompt leaves no
   *     room for a completion in the model's context, named by its index
   */
  public PolicyTraining begin(List<? extends Prompt> prompts) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must hold at least one but hold none");
    }
    if (rewards.functions().isEmpty()) {
      throw new IllegalArgumentException("a policy needs a reward; give one by reward(...)");
    }
    FineTuningOptions o = options();
    Epochs epochs = new Epochs(prompts.size(), o.batchSize(), o.epochs(), o.seed());
    if (method.miniBatches() > Math.min(o.batchSize(), prompts.size())) {
      throw new IllegalArgumentException(
          "miniBatches must be at most the prompts of a step, %s, but was %s"
              .formatted(Math.min(o.batchSize(), prompts.size()), method.miniBatches()));
    }
    RolloutSampler sampler =
        new RolloutSampler(base, new ArrayList<>(prompts), rollouts, method.groupSize(), o.seed());
    RowPlan plan = RowPlans.ofLength(sampler.longest());
    TrainingRun run = new TrainingRun(TASK, base, o);
    DecoderModel start = run.start();
    try {
      TrainingContext context = TrainingContext.defaults();
      Network network =
          new Network(
              TASK,
              start.engine(),
              run.trainable(start),
              new PolicyObjective(method.loss(), rollouts.temperature()),
              o,
              context.executor(),
              context.threads());
      try {
        return new PolicyTraining(
            method,
            rewards,
            start,
            o.adapter() == null ? null : base.adapter(),
            sampler,
            epochs,
            plan,
            rollouts.temperature(),
            run.schedule(epochs.steps() * method.epochs() * method.miniBatches()),
            o.cancellation(),
            network);
      } catch (RuntimeException e) {
        network.close();
        throw e;
      }
    } catch (RuntimeException e) {
      start.close();
      throw e;
    }
  }

  /**
   * Learns from rewards.
   *
   * @param prompts at least one
   * @return a new model and the metrics of every step
   * @throws IllegalArgumentException as {@link #begin} and {@link PolicyTraining#step}
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends Prompt> prompts) {
    options().monitoring().requireNone(TASK);
    options().cancellation().throwIfCancelled(TASK);
    Path path = options().runFolder();
    try (PolicyTraining training = begin(prompts)) {
      if (path == null) {
        List<Metrics> metrics = run(training, null);
        return result(training, metrics, prompts.size());
      }
      try (RunFolder folder = RunFolder.open(path, describe(training), CHECKPOINTS_KEPT)) {
        run(training, folder);
      }
      return result(training, RunFolder.readMetrics(path), prompts.size());
    }
  }

  private List<Metrics> run(PolicyTraining training, @Nullable RunFolder folder) {
    FineTuningOptions o = options();
    PolicyCheckpoints saved = new PolicyCheckpoints(training, folder);
    saved.resume();
    List<Metrics> history = new ArrayList<>();
    TrainingContext context = TrainingContext.defaults().progress(o.progress());
    TrainingProgress progress =
        new TrainingProgress(TASK, training.steps(), context.progress(), context.nanoClock());
    try {
      o.metrics().started(TASK, training.done());
      while (training.hasNext()) {
        saved.stopIfCancelled(o.cancellation(), TASK);
        Metrics metrics = step(training, saved);
        history.add(metrics);
        saved.append(metrics);
        o.metrics().updated(metrics);
        if (training.done() % o.checkpointEvery() == 0 || !training.hasNext()) {
          saved.save();
        }
        progress.step(metrics);
      }
    } finally {
      o.metrics().ended();
    }
    return history;
  }

  private static Metrics step(PolicyTraining training, PolicyCheckpoints saved) {
    try {
      return training.step();
    } catch (CancelledException e) {
      throw saved.stopped(e);
    }
  }

  private static FineTuningResult result(
      PolicyTraining training, List<Metrics> metrics, int prompts) {
    return new FineTuningResult(
        training.model(), metrics, new EncodingReport(prompts, prompts, 0, 0, 0, List.of()));
  }

  private Map<String, String> describe(PolicyTraining training) {
    FineTuningOptions o = options();
    Map<String, String> values = new TreeMap<>();
    values.put("task", TASK);
    values.put("model", base.id());
    values.put("method", method.toString());
    values.put("rewards", rewards.describe());
    values.put("rollouts", rollouts.toString());
    values.put("adapter", String.valueOf(o.adapter()));
    values.put("optimizer", o.optimisation().optimizer().toString());
    values.put("noise", o.optimisation().noise().toString());
    values.put("schedule", training.schedule().toString());
    values.put("max_gradient_norm", Double.toString(o.maxGradientNorm()));
    values.put("data", training.fingerprint());
    values.put("prompts", Integer.toString(o.batchSize()));
    values.put("epochs", Integer.toString(o.epochs()));
    values.put("seed", Long.toString(o.seed()));
    return values;
  }
}
