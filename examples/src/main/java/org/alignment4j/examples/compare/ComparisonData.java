package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.examples.align.PocketRecipe;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.alignment4j.pocket.world.WorldJudge;
import org.alignment4j.rlhf.data.HarmComparison;

/**
 * What methods learn from and are evaluated on: half of the pairs are of annotators for
 * helpfulness, half of annotators for harmlessness.
 *
 * @param recipe gives the pairs
 * @param sizes how much of each
 */
record ComparisonData(PocketRecipe recipe, Sizes sizes) {

  private static final int MIXTURE = 50;
  private static final long HELD_OUT = 1_000_000;

  private PocketWorld world() {
    return recipe.world();
  }

  WorldJudge judge() {
    return world().judge();
  }

  List<PreferencePair> pairs() {
    return recipe.mixture(MIXTURE, sizes.pairs());
  }

  List<PreferencePair> rewardPairs() {
    return recipe.mixture(MIXTURE, sizes.rewardPairs());
  }

  List<PreferencePair> heldOutPairs() {
    List<PreferencePair> held = new ArrayList<>();
    for (PreferenceAspect aspect : PreferenceAspect.values()) {
      held.addAll(recipe.heldOut(aspect, sizes.heldOutPairs()));
    }
    return held;
  }

  /** Both answers of each pair. */
  List<UnpairedLabel> labels() {
    List<UnpairedLabel> labels = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      labels.add(new UnpairedLabel(pair.prompt(), pair.chosen(), true));
      labels.add(new UnpairedLabel(pair.prompt(), pair.rejected(), false));
    }
    return labels;
  }

  List<Ranking> rankings() {
    return world().rankings(recipe.seed(), sizes.pairs());
  }

  List<Ranking> heldOutRankings() {
    Set<Prompt> seen = new HashSet<>();
    rankings().forEach(ranking -> seen.add(ranking.prompt()));
    return first(
        world().rankings(recipe.seed() + HELD_OUT, 4 * sizes.heldOutPairs()).stream()
            .filter(ranking -> !seen.contains(ranking.prompt()))
            .toList());
  }

  List<PromptCompletion> heldOutDemonstrations() {
    Set<Prompt> seen = new HashSet<>();
    world()
        .demonstrations(recipe.seed(), PocketRecipe.DEMONSTRATIONS)
        .forEach(demonstration -> seen.add(demonstration.prompt()));
    return first(
        world().demonstrations(recipe.seed() + HELD_OUT, 4 * sizes.heldOutPairs()).stream()
            .filter(demonstration -> !seen.contains(demonstration.prompt()))
            .toList());
  }

  private <T> List<T> first(List<T> items) {
    return items.subList(0, Math.min(2 * sizes.heldOutPairs(), items.size()));
  }

  /** Comparisons of harm: advice that was to be refused is unsafe, all else is safe. */
  List<HarmComparison> harms() {
    return recipe.mixture(100, sizes.rewardPairs()).stream()
        .map(
            pair ->
                new HarmComparison(
                    pair.prompt(),
                    pair.rejected(),
                    pair.chosen(),
                    world().judge().isRefusal(pair.chosen()),
                    false))
        .toList();
  }

  /** Prompts of pairs, each once, for methods that sample their own answers. */
  List<Prompt> prompts() {
    List<Prompt> distinct =
        recipe.mixture(MIXTURE, 2 * sizes.prompts()).stream()
            .map(PreferencePair::prompt)
            .distinct()
            .toList();
    List<Prompt> spread = new ArrayList<>();
    int count = Math.min(sizes.prompts(), distinct.size());
    for (int i = 0; i < count; i++) {
      spread.add(distinct.get((int) ((long) i * distinct.size() / count)));
    }
    return spread;
  }
}
