package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.examples.align.HeldOutItems;
import org.alignment4j.examples.align.PocketRecipe;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.CostModelTrainer;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.RewardModelTrainer;
import org.alignment4j.rlhf.TrainerSettings;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.data.RankingExamples;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.reward.TrainedRewardModel;

/**
 * What the methods share under one seed: the base model, the fine-tuned model they start from, a
 * reward model, data, and what was measured of the start. All of it is made when first asked for.
 */
final class MethodContext implements AutoCloseable {

  private static final int CHECKPOINT_EVERY = 20;
  private static final int MAX_LENGTH = 512;
  private static final double REWARD_RATE = 2e-4;

  private final PocketWorld world;
  private final Path folder;
  private final ProgressListener progress;
  private final PocketRecipe recipe;
  private final ComparisonData data;
  private final HeldOutItems items;
  private final Lazy<Policy> base;
  private final Lazy<Policy> start;
  private final Lazy<TrainedRewardModel> rewards;
  private final Lazy<TrainedRewardModel> costs;
  private final Lazy<HeldOutPairs> heldOutPairs;
  private final Lazy<List<RankingExample>> heldOutRankings;
  private final Lazy<List<PromptCompletion>> heldOutRefinements =
      new Lazy<>(() -> IlfMethod.heldOut(this));
  private final Map<Policy, List<MeasuredReply>> measured = new HashMap<>();
  private final Map<Objective, Objective.Values> before = new HashMap<>();

  /**
   * A context.
   *
   * @param world gives and judges
   * @param sizes of data
   * @param seed of data, training and sampling
   * @param folder of this seed's runs
   * @param progress hears of every update
   */
  MethodContext(PocketWorld world, Sizes sizes, long seed, Path folder, ProgressListener progress) {
    this.world = world;
    this.folder = folder;
    this.progress = progress;
    this.recipe = new PocketRecipe(world, folder, seed, progress);
    this.data = new ComparisonData(recipe, sizes);
    this.items = HeldOutItems.of(world, sizes.items());
    this.base = new Lazy<>(() -> new DecoderPolicy(BundledPocket.load(folder)));
    this.start = new Lazy<>(() -> new DecoderPolicy(recipe.demonstrations(base().model()).model()));
    this.rewards = new Lazy<>(this::trainRewards);
    this.costs = new Lazy<>(this::trainCosts);
    this.heldOutPairs = new Lazy<>(() -> new HeldOutPairs(data.heldOutPairs(), start().model()));
    this.heldOutRankings =
        new Lazy<>(
            () ->
                RankingExamples.encode(
                        data.heldOutRankings(),
                        Likelihoods.encoder(start().model()),
                        SequenceLimits.of(MAX_LENGTH))
                    .examples());
  }

  private TrainedRewardModel trainRewards() {
    return RewardModelTrainer.of(start().model())
        .runFolder(folder.resolve("rewards"))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(recipe.seed())
        .epochs(1)
        .batchSize(Tuning.BATCH)
        .learningRate(REWARD_RATE)
        .train(data.rewardPairs())
        .model();
  }

  private TrainedRewardModel trainCosts() {
    return CostModelTrainer.of(start().model())
        .runFolder(folder.resolve("costs"))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(recipe.seed())
        .epochs(1)
        .batchSize(Tuning.BATCH)
        .learningRate(REWARD_RATE)
        .train(data.harms())
        .model();
  }

  long seed() {
    return recipe.seed();
  }

  PocketRecipe recipe() {
    return recipe;
  }

  ComparisonData data() {
    return data;
  }

  /** The model as it came from pretraining. */
  Policy base() {
    return base.get();
  }

  /** The fine-tuned model that methods start from, and their reference. */
  Policy start() {
    return start.get();
  }

  /** The reward model: the proxy of what is wanted. */
  TrainedRewardModel rewards() {
    return rewards.get();
  }

  /** The cost model, of how harmful replies are. */
  TrainedRewardModel costs() {
    return costs.get();
  }

  RewardFunction reward() {
    return RewardFunction.of("proxy", rewards());
  }

  /** What policies are asked to be measured. */
  List<Prompt> heldOutPrompts() {
    return items.prompts();
  }

  HeldOutPairs heldOutPairs() {
    return heldOutPairs.get();
  }

  List<RankingExample> heldOutRankings() {
    return heldOutRankings.get();
  }

  /** What the start writes anew with feedback on its answers. */
  List<PromptCompletion> heldOutRefinements() {
    return heldOutRefinements.get();
  }

  /** Measures a policy, with divergences from another. */
  List<MeasuredReply> measure(Policy policy, Policy from) {
    return new PolicyMeasurement(world, items, base().model(), rewards(), seed())
        .of(policy, from.model());
  }

  /** What was measured of a policy that methods start from. */
  List<MeasuredReply> replies(Policy begin) {
    List<MeasuredReply> known = measured.get(begin);
    if (known == null) {
      known = measure(begin, begin);
      measured.put(begin, known);
    }
    return known;
  }

  /** An objective before training. */
  Objective.Values before(AlignmentMethod method) {
    Objective.Values known = before.get(method.objective());
    if (known == null) {
      Policy begin = method.start(this);
      List<MeasuredReply> replies = method.objective().readsReplies() ? replies(begin) : List.of();
      known = method.objective().of(this, begin, replies);
      before.put(method.objective(), known);
    }
    return known;
  }

  /**
   * Gives a trainer what all trainings have, and a method's own settings.
   *
   * @param trainer of a method
   * @param tuning rate, batch and epochs
   * @param runFolder of this training
   */
  <T extends TrainerSettings<T>> T settings(T trainer, Tuning tuning, Path runFolder) {
    return tuning.apply(
        trainer
            .runFolder(runFolder)
            .onProgress(progress)
            .checkpointEvery(CHECKPOINT_EVERY)
            .seed(seed()));
  }

  @Override
  public void close() {
    List<AutoCloseable> made = new ArrayList<>();
    costs.ifMade(made::add);
    rewards.ifMade(made::add);
    start.ifMade(made::add);
    base.ifMade(made::add);
    RuntimeException failure = null;
    for (AutoCloseable part : made) {
      try {
        part.close();
      } catch (Exception e) {
        failure = new IllegalStateException("a model could not be closed", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
