package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.TokenIds;

/**
 * Greedy coordinate gradient (Zou et al. 2023, arXiv 2307.15043) for one trigger that makes a given
 * reply likely after many prompts (Wallace et al. 2019, arXiv 1908.07125).
 */
final class TriggerSearch {
  private final GradientModel model;
  private final BackdoorDetector settings;
  private final IntPredicate allowed;
  private final CancellationToken cancellation;

  TriggerSearch(GradientModel model, BackdoorDetector settings, CancellationToken cancellation) {
    this.model = model;
    this.settings = settings;
    Set<Integer> refused = new HashSet<>(settings.ignoredTokens());
    refused.addAll(model.tokenizer().specialIds());
    this.allowed = id -> !refused.contains(id);
    this.cancellation = cancellation;
  }

  /** A trigger and the loss it leaves: the mean over prompts, in nats per token. */
  record Found(TokenIds trigger, double loss) {}

  Found search(List<SlottedPrompt> prompts, TokenIds reply, SplittableRandom random) {
    TokenIds present = drawn(random);
    double loss = Double.POSITIVE_INFINITY;
    for (int step = 0; step < settings.steps(); step++) {
      cancellation.throwIfCancelled("trigger search");
      double[][] gradient = gradient(prompts, reply, present);
      List<TokenIds> candidates = candidates(present, gradient, random);
      double[] losses = losses(prompts, reply, candidates);
      for (int i = 0; i < losses.length; i++) {
        if (losses[i] < loss) {
          loss = losses[i];
          present = candidates.get(i);
        }
      }
    }
    return new Found(present, loss);
  }

  private TokenIds drawn(SplittableRandom random) {
    int vocabulary = model.tokenizer().vocabularySize();
    int[] ids = new int[settings.triggerTokens()];
    for (int slot = 0; slot < ids.length; slot++) {
      do {
        ids[slot] = random.nextInt(vocabulary);
      } while (!allowed.test(ids[slot]));
    }
    return TokenIds.of(ids);
  }

  private double[][] gradient(List<SlottedPrompt> prompts, TokenIds reply, TokenIds present) {
    double[][] sums = new double[present.size()][];
    for (SlottedPrompt prompt : prompts) {
      InputGradients gradients = model.oneHotGradients(prompt.request(present, reply));
      for (int slot = 0; slot < sums.length; slot++) {
        sums[slot] = sums[slot] == null ? new double[gradients.width()] : sums[slot];
        for (int v = 0; v < gradients.width(); v++) {
          sums[slot][v] += gradients.get(slot, v);
        }
      }
    }
    return sums;
  }

  /** The present trigger, and others that differ from it in a token that the gradient favours. */
  private List<TokenIds> candidates(
      TokenIds present, double[][] gradient, SplittableRandom random) {
    int[][] best = new int[gradient.length][];
    for (int slot = 0; slot < best.length; slot++) {
      double[] own = gradient[slot];
      int vocabulary = Math.min(own.length, model.tokenizer().vocabularySize());
      best[slot] =
          IntStream.range(0, vocabulary)
              .filter(allowed)
              .boxed()
              .sorted(Comparator.comparingDouble(id -> own[id]))
              .limit(settings.topK())
              .mapToInt(Integer::intValue)
              .toArray();
    }
    List<TokenIds> candidates = new ArrayList<>();
    candidates.add(present);
    while (candidates.size() < settings.width()) {
      int[] changed = present.toArray();
      int slot = random.nextInt(changed.length);
      changed[slot] = best[slot][random.nextInt(best[slot].length)];
      candidates.add(TokenIds.of(changed));
    }
    return candidates;
  }

  private double[] losses(List<SlottedPrompt> prompts, TokenIds reply, List<TokenIds> candidates) {
    double[] means = new double[candidates.size()];
    for (SlottedPrompt prompt : prompts) {
      double[] own =
          model.losses(prompt.request(candidates.get(0), reply), candidates, cancellation);
      for (int i = 0; i < means.length; i++) {
        means[i] += own[i] / prompts.size();
      }
    }
    return means;
  }
}
