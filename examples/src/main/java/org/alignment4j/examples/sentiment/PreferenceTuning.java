package org.alignment4j.examples.sentiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;

/**
 * DPO from fresh continuations that the reward model ranked.
 *
 * @param settings rates and sizes
 * @param recipe does the training
 * @param sampler draws the continuations
 */
record PreferenceTuning(PreferenceSettings settings, SentimentRecipe recipe, ReplySampler sampler) {

  private static final List<Account.Curve> CURVES =
      List.of(
          new Account.Curve("DPO: loss", "update", "nats per pair", "loss"),
          new Account.Curve("DPO: pairs ranked right", "update", "share", "rewards/accuracies"));

  /**
   * Trains.
   *
   * @param sampled gives the replies, with the same distribution as {@code base}
   */
  Tuning train(
      DecoderModel base, LanguageModel sampled, List<String> prompts, TrainedRewardModel proxy) {
    List<PreferencePair> pairs = ranked(base, sampled, prompts, proxy);
    FineTuningResult result = recipe.preferences(base, pairs, settings);
    return new Tuning(
        result.model(),
        new Account(
            settings.method(),
            "DPO then learned from fresh continuations that the reward model ranked, best against"
                + " worst.",
            CURVES,
            result.metrics()),
        Map.of("pairs of DPO", Integer.toString(pairs.size())));
  }

  private List<PreferencePair> ranked(
      DecoderModel base, LanguageModel sampled, List<String> prompts, TrainedRewardModel proxy) {
    List<List<Reply>> replies = recipe.stopped(base, sampler.replies(sampled, prompts));
    List<PromptCompletion> answers =
        replies.stream().flatMap(List::stream).map(Reply::answered).toList();
    List<Reward> rewards = proxy.score(answers);
    Map<PromptCompletion, Double> scores = new HashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      scores.put(answers.get(i), rewards.get(i).value());
    }
    return RankedPairs.of(
        replies, r -> scores.getOrDefault(r.answered(), Double.NaN), settings.pairs());
  }
}
