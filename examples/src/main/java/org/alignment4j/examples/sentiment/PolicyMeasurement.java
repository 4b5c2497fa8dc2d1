package org.alignment4j.examples.sentiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.statistics.Estimates;

/**
 * Measures models on held-out prompts, all with the same random numbers.
 *
 * @param prompts that nothing was trained on
 * @param sampler draws the replies
 * @param gold the truth
 * @param proxy what the truth is compared with
 * @param base the model that divergences are measured from
 */
record PolicyMeasurement(
    List<String> prompts,
    ReplySampler sampler,
    GoldSentiment gold,
    RewardModel proxy,
    LikelihoodModel base) {

  /**
   * Measures one model.
   *
   * @param sampled gives the replies, with the same distribution as {@code model}
   */
  Policy of(String name, LanguageModel sampled, LikelihoodModel model) {
    List<Reply> replies = sampler.replies(sampled, prompts).stream().flatMap(List::stream).toList();
    int[] clusters = new int[replies.size()];
    Arrays.setAll(clusters, i -> i / sampler.draws());
    return new Policy(name, scored(replies, clusters), divergence(model, replies, clusters));
  }

  private List<ScoredReply> scored(List<Reply> replies, int[] prompt) {
    List<Reward> rewards = proxy.score(replies.stream().map(Reply::answered).toList());
    List<ScoredReply> scored = new ArrayList<>();
    for (int i = 0; i < replies.size(); i++) {
      String text = replies.get(i).text();
      scored.add(
          new ScoredReply(
              replies.get(i),
              prompt[i],
              gold.of(text),
              rewards.get(i).value(),
              GoldSentiment.words(text).size()));
    }
    return scored;
  }

  private Estimate divergence(LikelihoodModel model, List<Reply> replies, int[] clusters) {
    List<Continuation> continuations =
        replies.stream().map(r -> Continuation.of(Prompt.text(r.prompt()), r.tokens())).toList();
    List<ContinuationScore> under = model.logProbabilities(continuations);
    List<ContinuationScore> reference = base.logProbabilities(continuations);
    double[] ratios = new double[replies.size()];
    Arrays.setAll(ratios, i -> under.get(i).sum() - reference.get(i).sum());
    return Estimates.clusteredMean(ratios, clusters);
  }
}
