package org.alignment4j.examples.pretrain;

import java.util.ArrayList;
import java.util.EnumMap;
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
      measured.put(ability, Estimates.proportion(passed(model, items), items.size()));
    }
    return measured;
  }

  private static long passed(LanguageModel model, List<AbilityItem> items) {
    long passed = 0;
    List<AbilityItem> open = items;
    while (!open.isEmpty()) {
      List<Completion> replies =
          model.generate(
              open.stream().map(AbilityItem::prompt).toList(),
              SamplingOptions.greedy(REPLY_TOKENS));
      List<AbilityItem> next = new ArrayList<>();
      for (int i = 0; i < open.size(); i++) {
        AbilityItem.Step step = open.get(i).reader().apply(replies.get(i).text());
        if (step instanceof AbilityItem.Next more) {
          next.add(more.item());
        } else if (step instanceof AbilityItem.Decided decided && decided.passed()) {
          passed++;
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
