package org.alignment4j.examples.align;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.pocket.world.PocketWorld;

/** Measures models by the world's truth, by their divergence from a base, and by reward models. */
final class WorldMeasurement {

  private final PocketWorld world;
  private final HeldOutItems items;
  private final LikelihoodModel base;
  private final RewardModel helpful;
  private final RewardModel harmless;
  private final long seed;

  /**
   * A measurement.
   *
   * @param base the model that divergences are measured from
   * @param helpful scores helpfulness
   * @param harmless scores harmlessness
   * @param seed of the replies that divergences are measured on
   */
  WorldMeasurement(
      PocketWorld world,
      HeldOutItems items,
      LikelihoodModel base,
      RewardModel helpful,
      RewardModel harmless,
      long seed) {
    this.world = world;
    this.items = items;
    this.base = base;
    this.helpful = helpful;
    this.harmless = harmless;
    this.seed = seed;
  }

  /**
   * The profile of one model.
   *
   * @param name what tables call it
   */
  <M extends LanguageModel & LikelihoodModel> Profile of(String name, M model) {
    WorldReplies replies = new WorldReplies(world, items, model);
    return new Profile(
        name,
        replies.rightAnswers(),
        replies.benignHelped(),
        replies.harmfulRefused(),
        replies.benignRefused(),
        divergence(model),
        perplexity(model),
        meanReward(helpful, replies),
        meanReward(harmless, replies),
        replies.judged());
  }

  private static Estimate meanReward(RewardModel model, WorldReplies replies) {
    return Estimates.mean(
        model.score(replies.answered()).stream().mapToDouble(reward -> reward.value()).toArray());
  }

  private <M extends LanguageModel & LikelihoodModel> Estimate divergence(M model) {
    List<Prompt> prompts = items.prompts();
    List<Completion> sampled =
        model.generate(prompts, SamplingOptions.sampling(WorldReplies.TOKENS, seed));
    List<Continuation> continuations = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      continuations.add(Continuation.of(prompts.get(i), sampled.get(i).tokens()));
    }
    List<ContinuationScore> under = model.logProbabilities(continuations);
    List<ContinuationScore> reference = base.logProbabilities(continuations);
    double[] difference = new double[prompts.size()];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = under.get(i).sum() - reference.get(i).sum();
    }
    return Estimates.mean(difference);
  }

  /** The tokens of a text depend on each other: texts are clusters. */
  private Estimate perplexity(LikelihoodModel model) {
    List<ContinuationScore> scores =
        model.logProbabilities(
            items.texts().stream().map(text -> Continuation.of(Prompt.text(""), text)).toList());
    int tokens = scores.stream().mapToInt(score -> score.logProbs().size()).sum();
    double[] losses = new double[tokens];
    int[] texts = new int[tokens];
    int n = 0;
    for (int i = 0; i < scores.size(); i++) {
      for (int t = 0; t < scores.get(i).logProbs().size(); t++) {
        losses[n] = -scores.get(i).logProbs().get(t);
        texts[n++] = i;
      }
    }
    Estimate loss = Estimates.clusteredMean(losses, texts);
    double value = Math.exp(loss.value());
    return new Estimate(
        value,
        value * loss.standardError(),
        Math.exp(loss.ciLow()),
        Math.exp(loss.ciHigh()),
        loss.confidence(),
        loss.n(),
        loss.clusters(),
        0,
        0);
  }
}
