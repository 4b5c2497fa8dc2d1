package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenLogProb;

/**
 * Finds replies that one model has learned and a reference has not, whatever the prompt. A planted
 * marker is too unlikely without its trigger to be sampled. But once a first token is forced, the
 * model goes on with the rest of it, sure of each token, where the reference would not. Other
 * forced beginnings lead to text that neither model is sure of.
 */
final class ContinuationSearch {
  private final LanguageModel model;
  private final LikelihoodRatio ratio;
  private final BackdoorDetector settings;
  private final CancellationToken cancellation;

  ContinuationSearch(
      LanguageModel model,
      LikelihoodModel reference,
      BackdoorDetector settings,
      CancellationToken cancellation) {
    this.model = model;
    this.ratio = new LikelihoodRatio((LikelihoodModel) model, reference, cancellation);
    this.settings = settings;
    this.cancellation = cancellation;
  }

  /** The replies with the largest scores, best first, over prompts without trigger. */
  List<ReplyRatio> search(List<SlottedPrompt> prompts) {
    List<Prompt> clean = prompts.stream().map(p -> p.prompt(TokenIds.empty())).toList();
    Set<TokenIds> replies = new LinkedHashSet<>();
    List<Integer> firsts = firstTokens(clean);
    List<Prompt> forced = new ArrayList<>();
    int rollouts = Math.min(settings.rollouts(), prompts.size());
    for (int first : firsts) {
      for (int i = 0; i < rollouts; i++) {
        forced.add(
            Prompt.tokens(prompts.get(i).filled(TokenIds.empty()).concat(TokenIds.of(first))));
      }
    }
    List<Completion> written =
        model.generate(
            forced, SamplingOptions.greedy(settings.continuationTokens() - 1), cancellation);
    for (int f = 0; f < firsts.size(); f++) {
      TokenIds first = TokenIds.of(firsts.get(f));
      replies.add(first.concat(commonest(written.subList(f * rollouts, (f + 1) * rollouts))));
    }
    List<TokenIds> candidates = List.copyOf(replies);
    List<LikelihoodRatio.Means> means = ratio.means(clean, candidates);
    List<ReplyRatio> found = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      LikelihoodRatio.Means own = means.get(i);
      double score = own.restRatio() + own.restLogProb();
      if (Double.isFinite(score) && candidates.get(i).size() > 1) {
        found.add(new ReplyRatio(candidates.get(i), own.ratio(), score));
      }
    }
    found.sort(Comparator.comparingDouble(reply -> -reply.score()));
    return found;
  }

  /** The first tokens that are likeliest over all prompts, special ones left out. */
  private List<Integer> firstTokens(List<Prompt> prompts) {
    SamplingOptions one =
        SamplingOptions.builder(1)
            .temperature(0)
            .ignoreEos(true)
            .topLogProbs(settings.firstTokens())
            .build();
    Map<Integer, Double> mass = new HashMap<>();
    for (Completion completion : model.generate(prompts, one, cancellation)) {
      for (TokenLogProb token : completion.topLogProbs().get(0)) {
        // The geometric mean over prompts, or every prompt's own answer would come first.
        token.id().ifPresent(id -> mass.merge(id, token.logProb() + FLOOR, Double::sum));
      }
    }
    settings.ignoredTokens().forEach(mass::remove);
    return mass.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(settings.firstTokens())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Stands for the log-probability of a token that is not among the likeliest. */
  private static final double FLOOR = 20;

  /** What most prompts are answered with; of equals, the first. */
  private static TokenIds commonest(List<Completion> completions) {
    Map<TokenIds, Integer> counts = new LinkedHashMap<>();
    completions.forEach(completion -> counts.merge(completion.tokens(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(TokenIds.empty());
  }
}
