package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.selection.Selection;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Reward-ranked fine-tuning (RAFT: Dong et al. 2023, arXiv 2304.06767), also known as rejection
 * sampling and expert iteration: in each iteration the model answers prompts several times, the
 * best answers are selected by their reward, and the model learns them by supervised fine-tuning.
 * Immutable.
 *
 * <pre>{@code
 * DecoderModel policy =
 *     RaftTrainer.of(base)
 *         .reward(RewardFunction.of("helpful", rewardModel))
 *         .select(Selection.bestPerPrompt())
 *         .iterations(5)
 *         .train(prompts)
 *         .model();
 * }</pre>
 *
 * <p>{@link #batchSize}, {@link #epochs} and the schedule of learning rates are those of the
 * supervised training of each iteration; limits of the examples' length are refused, since the
 * tokens learned are those that were sampled, the end token included where there is one. Bound them
 * by {@link #rollouts}. Evaluations, samples and early stopping count iterations where other
 * trainers count updates or steps.
 *
 * <p>Metrics, once an iteration: {@code reward}, {@code reward_std}, {@code reward_group_std},
 * {@code rewards/NAME/mean} and {@code rewards/NAME/std} of all answers, as {@link PolicyTraining}
 * reports them, {@code completions/mean_length} and {@code completions/clipped_ratio}; of the
 * selected ones {@code selected/reward}, {@code selected/mean_length}, {@code selected/share} among
 * all answers and {@code selected/coverage}, the share of prompts that have one; {@code kl}, the
 * mean of log π − log π₀ over answers at the sampler's temperature, where the selection reads it;
 * and of the supervised training {@code loss}, the mean over its updates, and {@code loss/last}.
 *
 * <p>A run with a folder keeps for each iteration the answers with their rewards, and the run
 * folder of its training. One that was killed, cancelled or stopped by a failure goes on where it
 * was and ends in the same bits; rewards are asked for again only where an iteration's were not
 * complete. It may go on for more iterations than it was begun for.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RaftTrainer extends TrainerSettings<RaftTrainer> {

  private final DecoderModel base;
  private final RaftSettings settings;

  private RaftTrainer(DecoderModel base, RaftSettings settings, FineTuningOptions options) {
    super(options);
    this.base = Objects.requireNonNull(base, "base");
    this.settings = settings;
  }

  /**
   * Returns a trainer of 20 iterations that samples 8 answers of up to 64 tokens to each prompt,
   * learns the best answer to each that is not cut, at a learning rate of 2e-5, each iteration from
   * the model of the one before, and otherwise has the settings of {@link FineTuningOptions#of}. It
   * has no reward yet.
   *
   * @param base where training starts; left as it is
   * @return the trainer
   */
  public static RaftTrainer of(DecoderModel base) {
    RaftSettings settings =
        new RaftSettings(
            RolloutOptions.of(64),
            8,
            Integer.MAX_VALUE,
            20,
            Selection.bestPerPrompt(),
            TruncatedAnswers.EXCLUDE,
            IterationStart.PREVIOUS,
            PolicyRewards.none());
    return new RaftTrainer(base, settings, FineTuningOptions.of(2e-5));
  }

  /**
   * Returns this training as a learner from prompts, whose caller gives the model, the seed and the
   * run folder.
   *
   * @param settings everything else, a reward among it
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<Prompt> learner(UnaryOperator<RaftTrainer> settings) {
    return (model, prompts, context) -> {
      RaftTrainer trainer = settings.apply(of(TrainingRun.decoder(model)));
      return trainer.options(trainer.options().withContext(context)).train(prompts).model();
    };
  }

  @Override
  public RaftTrainer options(FineTuningOptions newOptions) {
    return new RaftTrainer(base, settings, newOptions);
  }

  private RaftTrainer with(RaftSettings newSettings) {
    return new RaftTrainer(base, newSettings, options());
  }

  /**
   * Returns a trainer with one more reward, of weight 1.
   *
   * @param function scores answers
   * @return the trainer
   * @throws IllegalArgumentException when another reward has its name
   */
  public RaftTrainer reward(RewardFunction function) {
    return reward(function, 1);
  }

  /**
   * Returns a trainer with one more reward.
   *
   * @param function scores answers
   * @param weight its weight in the sum, finite
   * @return the trainer
   * @throws IllegalArgumentException when another reward has its name or the weight is not finite
   */
  public RaftTrainer reward(RewardFunction function, double weight) {
    return with(settings.rewarding(settings.rewards().and(new WeightedReward(function, weight))));
  }

  /**
   * Returns a trainer that samples in another way.
   *
   * @param rollouts length and temperature
   * @return the trainer
   */
  public RaftTrainer rollouts(RolloutOptions rollouts) {
    return with(
        settings.sampling(
            Objects.requireNonNull(rollouts, "rollouts"), settings.samples(), settings.prompts()));
  }

  /**
   * Returns a trainer that samples so many answers to each prompt.
   *
   * @param perPrompt at least 1
   * @return the trainer
   * @throws IllegalArgumentException when it is less
   */
  public RaftTrainer samples(int perPrompt) {
    return with(settings.sampling(settings.rollouts(), perPrompt, settings.prompts()));
  }

  /**
   * Returns a trainer that answers so many prompts in each iteration, in place of all; they come in
   * turn.
   *
   * @param perIteration at least 1
   * @return the trainer
   * @throws IllegalArgumentException when it is less
   */
  public RaftTrainer prompts(int perIteration) {
    return with(settings.sampling(settings.rollouts(), settings.samples(), perIteration));
  }

  /**
   * Returns a trainer with so many iterations.
   *
   * @param count at least 1
   * @return the trainer
   * @throws IllegalArgumentException when it is less
   */
  public RaftTrainer iterations(int count) {
    return with(settings.iterating(count, settings.start()));
  }

  /**
   * Returns a trainer whose iterations start from another model.
   *
   * @param start which; {@link IterationStart#PREVIOUS} is the default
   * @return the trainer
   */
  public RaftTrainer startFrom(IterationStart start) {
    return with(settings.iterating(settings.iterations(), Objects.requireNonNull(start, "start")));
  }

  /**
   * Returns a trainer that selects answers in another way.
   *
   * @param selection which answers are learned
   * @return the trainer
   */
  public RaftTrainer select(Selection selection) {
    return with(
        settings.selecting(Objects.requireNonNull(selection, "selection"), settings.truncated()));
  }

  /**
   * Returns a trainer with another rule for answers that the length limit ended.
   *
   * @param truncated what becomes of them; {@link TruncatedAnswers#EXCLUDE} is the default
   * @return the trainer
   */
  public RaftTrainer truncated(TruncatedAnswers truncated) {
    return with(
        settings.selecting(settings.selection(), Objects.requireNonNull(truncated, "truncated")));
  }

  /**
   * Learns from answers to prompts.
   *
   * @param prompts at least one
   * @return a new model and the metrics of every iteration
   * @throws IllegalArgumentException when there is no prompt or no reward, there are limits of the
   *     examples' length, a prompt leaves no room for a completion in the model's context, named by
   *     its index, or a reward is not finite, named by function, sample and iteration
   * @throws IllegalStateException when no answer of an iteration can be selected
   * @throws org.alignment4j.api.ModelExecutionException when a reward function fails or does not
   *     score every answer, named with the iteration
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  public FineTuningResult train(List<? extends Prompt> prompts) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must hold at least one but hold none");
    }
    if (settings.rewards().functions().isEmpty()) {
      throw new IllegalArgumentException(
          "answers need a reward to select by; give one by reward(...)");
    }
    Encoders.requireNoLimits(options());
    return new RaftRun(base, settings, options(), new ArrayList<>(prompts)).train();
  }
}
