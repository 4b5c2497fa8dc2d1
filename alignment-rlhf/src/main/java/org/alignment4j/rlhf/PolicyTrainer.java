package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.MissingEos;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Reinforcement learning from rewards of sampled completions: PPO with a critic, also under a bound
 * on costs, GRPO and its kin, RLOO, REINFORCE++, all against a reference. Immutable.
 *
 * <pre>{@code
 * DecoderModel policy =
 *     PolicyTrainer.of(base, PolicyMethod.ppo())
 *         .reward(RewardFunction.of("helpful", rewardModel))
 *         .critic(Critic.standard().from(rewardModel.classifier()))
 *         .rollouts(RolloutOptions.of(64))
 *         .adapter(Lora.rank(16))
 *         .learningRate(1e-4)
 *         .train(prompts)
 *         .model();
 * }</pre>
 *
 * <p>{@link #batchSize} counts the prompts of a step and {@link #epochs} passes over the prompts.
 * {@link PolicyTraining} says what is reported. A run with a folder that was cut off goes on from
 * its newest checkpoint and ends in the same bits if reward functions give the same rewards.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PolicyTrainer extends ReferencedTrainer<PolicyTrainer> {

  private static final String TASK = "policy";

  private final DecoderModel base;
  private final PolicySettings settings;

  private PolicyTrainer(DecoderModel base, PolicySettings settings, FineTuningOptions options) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.settings = settings;
  }

  /**
   * Returns a trainer of a learning rate of 1e-6, which adapters need higher, such as 1e-5, and up
   * to 64 new tokens, without a reward yet; else as {@link FineTuningOptions#of}.
   *
   * @param base where training starts, and the reference unless another is given; left as it is
   * @param method how rewards become updates
   * @return the trainer
   */
  public static PolicyTrainer of(DecoderModel base, PolicyMethod method) {
    return new PolicyTrainer(base, PolicySettings.of(method), FineTuningOptions.of(1e-6));
  }

  /**
   * Returns this training as a learner, whose caller gives the model, the seed and the run folder.
   *
   * @param method how rewards become updates
   * @param settings everything else, a reward among it
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<Prompt> learner(
      PolicyMethod method, UnaryOperator<PolicyTrainer> settings) {
    return (model, examples, context) -> {
      PolicyTrainer trainer = settings.apply(of(TrainingRun.decoder(model), method));
      return trainer.options(trainer.options().withContext(context)).train(examples).model();
    };
  }

  @Override
  public PolicyTrainer options(FineTuningOptions newOptions) {
    return new PolicyTrainer(base, settings, newOptions);
  }

  @Override
  PolicyTrainer measuredAgainst(DecoderModel other) {
    return with(settings.with(new ReferenceModel(base).instead(other).model()));
  }

  /**
   * Returns a trainer with one more reward, of weight 1.
   *
   * @param function scores completions
   * @return the trainer
   * @throws IllegalArgumentException as {@link #reward(RewardFunction, double)}
   */
  public PolicyTrainer reward(RewardFunction function) {
    return reward(function, 1);
  }

  /**
   * Returns a trainer with one more reward. A cost at a fixed rate λ is a reward of weight −λ.
   *
   * @param function scores completions
   * @param weight its weight in the sum, finite
   * @return the trainer
   * @throws IllegalArgumentException when another reward or a penalty has its name, the name has
   *     control characters, or the weight is not finite
   */
  public PolicyTrainer reward(RewardFunction function, double weight) {
    return with(settings.with(settings.rewards().and(new WeightedReward(function, weight))));
  }

  /**
   * Returns a trainer that takes something off the reward of completions cut at the limit.
   *
   * @param penalty not negative
   * @return the trainer
   * @throws IllegalArgumentException when the penalty is negative or not finite
   */
  public PolicyTrainer missingEndPenalty(double penalty) {
    return missingEnd(MissingEos.subtract(penalty));
  }

  /**
   * Returns a trainer that changes the reward of completions that the length limit ended.
   *
   * @param rule what becomes of it
   * @return the trainer
   * @throws IllegalArgumentException when a reward is named {@code missing_end}
   */
  public PolicyTrainer missingEnd(MissingEos rule) {
    return with(
        settings.with(settings.rewards().withMissingEnd(Objects.requireNonNull(rule, "rule"))));
  }

  /**
   * Returns a trainer that takes off the reward of completions near the length limit (Yu et al.
   * 2025, arXiv 2503.14476, eq. 13).
   *
   * @param penalty the penalty, whose weight is 1
   * @return the trainer
   * @throws IllegalArgumentException when a reward is named {@code overlong}
   */
  public PolicyTrainer overlong(SoftOverlong penalty) {
    return with(
        settings.with(settings.rewards().withOverlong(Objects.requireNonNull(penalty, "penalty"))));
  }

  /**
   * Returns a trainer that brings rewards to a common scale before advantages are made of them.
   *
   * @param normaliser divisor and bound
   * @return the trainer
   */
  public PolicyTrainer normalise(RewardNormaliser normaliser) {
    return with(
        settings.with(
            settings.rewards().withNormaliser(Objects.requireNonNull(normaliser, "normaliser"))));
  }

  /**
   * Returns a trainer that samples in another way.
   *
   * @param options length and temperature
   * @return the trainer
   */
  public PolicyTrainer rollouts(RolloutOptions options) {
    return with(settings.with(options));
  }

  /**
   * Returns a trainer with another critic than {@link Critic#standard()}, if the method has one.
   *
   * @param critic where it starts and how it learns
   * @return the trainer
   */
  public PolicyTrainer critic(Critic critic) {
    return with(settings.with(critic));
  }

  /**
   * Returns a trainer that keeps the mean cost of completions within a budget, with {@link
   * Critic#safeRlhf()} as the critic of costs.
   *
   * @param cost costs completions; it must have an opinion of every one
   * @param multiplier λ at the beginning, the budget, and how λ changes
   * @return the trainer
   */
  public PolicyTrainer constraint(RewardFunction cost, LagrangeMultiplier multiplier) {
    return constraint(new CostConstraint(cost, multiplier, Critic.safeRlhf()));
  }

  /**
   * Returns a trainer that keeps the mean cost of completions within a budget: it updates λ at
   * every step and then takes {@code (A_R − λ·A_C)/(1 + λ)} for the advantages. The method must
   * have a critic, such as {@link PolicyVariants#ppoLagrangian()}.
   *
   * @param constraint cost, multiplier and critic of costs
   * @return the trainer
   */
  public PolicyTrainer constraint(CostConstraint constraint) {
    return with(settings.with(constraint));
  }

  /**
   * Returns a trainer that measures the divergence from the reference, where nothing but the metric
   * {@code kl} needs it, at the first step, the last planned, and multiples of the number given,
   * which is 10 without this. Methods with a penalty on divergence measure it at every step.
   *
   * @param steps from 1, which is every step
   * @return the trainer
   * @throws IllegalArgumentException when the number is not positive
   */
  public PolicyTrainer divergenceEvery(int steps) {
    return with(settings.withDivergenceEvery(steps));
  }

  /**
   * Returns a trainer that appends {@link Rollout}s with what they were worth to {@code
   * rollouts.jsonl} in the run folder, at the first step, the last, and multiples of the number.
   *
   * @param everySteps from 1, which is every step
   * @return the trainer
   * @throws IllegalArgumentException when the number is not positive
   */
  public PolicyTrainer logRollouts(int everySteps) {
    return with(settings.withRolloutsEvery(everySteps));
  }

  /**
   * Returns a trainer that acts upon the policy's entropy over the whole vocabulary or measures it.
   *
   * @param use what is done with it
   * @return the trainer
   */
  public PolicyTrainer entropy(EntropyUse use) {
    return with(settings.with(settings.terms().with(Objects.requireNonNull(use, "use"))));
  }

  /**
   * Returns a trainer whose policy learns texts beside rewards.
   *
   * @param mix the texts and their weight
   * @return the trainer
   */
  public PolicyTrainer pretraining(PretrainingMix mix) {
    return with(settings.with(settings.terms().with(Objects.requireNonNull(mix, "mix"))));
  }

  /**
   * Begins training, for a loop of one's own. The settings of run folder, progress and listeners
   * are not used; evaluations, samples and early stopping are refused.
   *
   * @param prompts at least one
   * @return the training; the caller closes it
   * @throws IllegalArgumentException when there is no prompt or no reward, settings do not go
   *     together, a critic or a reward does not read the policy's tokens, or a prompt has no tokens
   *     or leaves no room for a completion in the model's context, named by its index
   */
  public PolicyTraining begin(List<? extends Prompt> prompts) {
    return setup().unmonitored().open(prompts);
  }

  /**
   * Begins training from completions that are sampled and rewarded elsewhere, each step's given to
   * {@link PolicyTraining#step(List)}. It needs no reward function. Epochs and batch size are not
   * used either; else as {@link #begin}.
   *
   * @param steps steps of the whole training, which schedules count; from 1
   * @return the training; the caller closes it
   * @throws IllegalArgumentException when there is no step, settings do not go together, or a
   *     critic does not read the policy's tokens
   */
  public PolicyTraining beginGiven(long steps) {
    return setup().unmonitored().open(steps);
  }

  private PolicyTrainer with(PolicySettings other) {
    return new PolicyTrainer(base, other, options());
  }

  private PolicySetup setup() {
    return new PolicySetup(TASK, base, settings, options());
  }

  /**
   * Learns from rewards.
   *
   * @param prompts at least one
   * @return a new model and the metrics of every step
   * @throws IllegalArgumentException as {@link #begin} and {@link PolicyTraining#step}, or when
   *     {@link #logRollouts} is asked for without a run folder
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends Prompt> prompts) {
    options().cancellation().throwIfCancelled(TASK);
    new PolicyLimits(settings).requireFolder(options().runFolder());
    try (PolicyTraining training = setup().open(prompts)) {
      return new PolicyRunner(TASK, base, settings, options()).run(training, prompts.size());
    }
  }
}
