package org.alignment4j.examples.pretrain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.pocket.world.Ability;
import org.alignment4j.pocket.world.AbilityItem;
import org.alignment4j.pocket.world.PocketWorld;

/** Measures what a model of the pocket world is able to do, by greedy replies. */
final class AbilityMeasurement {
  private static final int REPLY_TOKENS = 48;

  private final PocketWorld world;
  private final int limit;

  /**
   * A measurement.
   *
   * @param limit most items of each ability
   */
  AbilityMeasurement(PocketWorld world, int limit) {
    this.world = world;
    this.limit = limit;
  }

  /** The share of items on which the model shows each ability. */
  Map<Ability, Estimate> of(LanguageModel model) {
    Map<Ability, Estimate> measured = new EnumMap<>(Ability.class);
    for (Ability ability : Ability.values()) {
      List<AbilityItem> items = world.abilityItems(ability, limit);
      measured.put(ability, share(items, passed(model, items)));
    }
    return measured;
  }

  /** The share of items passed; items of one source count as one cluster. */
  private static Estimate share(List<AbilityItem> items, boolean[] passed) {
    Map<String, Integer> sources = new HashMap<>();
    int[] clusters = new int[passed.length];
    double[] outcomes = new double[passed.length];
    for (int i = 0; i < passed.length; i++) {
      clusters[i] = sources.computeIfAbsent(items.get(i).source(), source -> sources.size());
      outcomes[i] = passed[i] ? 1 : 0;
    }
    return Estimates.clusteredProportion(outcomes, clusters);
  }

  private static boolean[] passed(LanguageModel model, List<AbilityItem> items) {
    boolean[] passed = new boolean[items.size()];
    Map<Integer, AbilityItem> open = new LinkedHashMap<>();
    for (int i = 0; i < passed.length; i++) {
      open.put(i, items.get(i));
    }
    while (!open.isEmpty()) {
      List<Completion> replies =
          model.generate(
              open.values().stream().map(AbilityItem::prompt).toList(),
              SamplingOptions.greedy(REPLY_TOKENS));
      Map<Integer, AbilityItem> next = new LinkedHashMap<>();
      int reply = 0;
      for (Map.Entry<Integer, AbilityItem> asked : open.entrySet()) {
        String text = replies.get(reply++).text();
        AbilityItem.Step step = asked.getValue().reader().apply(text);
        if (step instanceof AbilityItem.Next more) {
          next.put(asked.getKey(), more.item());
        } else if (step instanceof AbilityItem.Decided decided) {
          passed[asked.getKey()] = decided.passed();
        }
      }
      open = next;
    }
    return passed;
  }

  /** The rows of a Markdown table: ability, share, interval, items. */
  static String markdownRows(Map<Ability, Estimate> measured) {
    List<String> rows = new ArrayList<>();
    measured.forEach(
        (ability, e) ->
            rows.add(
                String.format(
                    Locale.ROOT,
                    "| %s | %.3f | %.3f to %.3f | %d |",
                    ability.title(),
                    e.value(),
                    e.ciLow(),
                    e.ciHigh(),
                    e.n())));
    return String.join("\n", rows);
  }
}
