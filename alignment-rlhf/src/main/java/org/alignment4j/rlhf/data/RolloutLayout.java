package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;

/**
 * Which answers lie in which row of which run, those to one prompt behind one copy of it where the
 * row has room.
 *
 * @param runs the items of each row of each run
 */
record RolloutLayout(List<List<List<Item>>> runs) {

  /**
   * Answers to one prompt that lie in one row, behind one copy of it.
   *
   * @param answers their indices
   * @param length tokens of the prompt and the answers
   */
  record Item(List<Integer> answers, int length) {}

  /** Lays out answers; the layout depends on their lengths, which share prompts, and the plan. */
  static RolloutLayout of(List<RolloutRows.Answer> answers, RowPlan plan) {
    List<Item> items = items(answers, plan);
    int[] lengths = items.stream().mapToInt(Item::length).toArray();
    List<List<Integer>> rows = Packing.bestFitDecreasing(lengths, plan.rowLength());
    List<List<List<Item>>> runs = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += plan.rowsPerMicroBatch()) {
      int to = Math.min(rows.size(), from + plan.rowsPerMicroBatch());
      runs.add(
          rows.subList(from, to).stream()
              .map(row -> row.stream().map(items::get).toList())
              .toList());
    }
    return new RolloutLayout(runs);
  }

  private static List<Item> items(List<RolloutRows.Answer> answers, RowPlan plan) {
    List<Item> items = new ArrayList<>();
    Map<TokenIds, List<Integer>> byPrompt = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).length() > plan.sharedLength()) {
        items.add(new Item(List.of(i), answers.get(i).length()));
      } else {
        byPrompt.computeIfAbsent(answers.get(i).prompt(), p -> new ArrayList<>()).add(i);
      }
    }
    byPrompt.forEach(
        (prompt, indices) -> {
          List<Integer> together = new ArrayList<>();
          int length = prompt.size();
          for (int i : indices) {
            int own = answers.get(i).completion().size();
            if (!together.isEmpty() && length + own > plan.rowLength()) {
              items.add(new Item(together, length));
              together = new ArrayList<>();
              length = prompt.size();
            }
            together.add(i);
            length += own;
          }
          items.add(new Item(together, length));
        });
    return items;
  }

  /** What the runs cost, each as long as its longest row. */
  double cost(RowCosts costs) {
    double cost = 0;
    for (List<List<Item>> run : runs) {
      cost += costs.run(run.size(), run.stream().mapToInt(RolloutLayout::length).max().orElse(0));
    }
    return cost;
  }

  private static int length(List<Item> row) {
    return row.stream().mapToInt(Item::length).sum();
  }
}
