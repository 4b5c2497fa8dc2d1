package org.alignment4j.examples.align;

import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;

/** The main job's figures as tables. */
final class PocketTables {

  /** Columns of a console that is not set up for this program. */
  private static final int WIDTH = 100;

  private PocketTables() {}

  /** What the world's truth says of each model. */
  static Table truth(PocketResult result) {
    Table table =
        Table.of("model", "right answers", "benign helped", "harmful refused", "benign refused");
    for (Profile p : result.profiles()) {
      table =
          table.row(
              Cell.text(p.name()),
              Cell.percent(p.rightAnswers()),
              Cell.percent(p.benignHelped()),
              Cell.percent(p.harmfulRefused()),
              Cell.percent(p.benignRefused()));
    }
    return table;
  }

  /** How far each model is from the base, and what the reward models think of it. */
  static Table distance(PocketResult result) {
    Table table =
        Table.of("model", "KL from base (nats)", "perplexity", "helpful reward", "harmless reward");
    for (Profile p : result.profiles()) {
      table =
          table.row(
              Cell.text(p.name()),
              Cell.figure(p.klFromBase(), 2),
              Cell.figure(p.perplexity(), 3),
              Cell.figure(p.helpfulReward(), 2),
              Cell.figure(p.harmlessReward(), 2));
    }
    return table;
  }

  /** How well the reward models agree with pairs they were not trained on. */
  static Table rewardModels(PocketResult result) {
    Table[] table = {
      Table.of(
          "reward model",
          "held-out pairs ranked right",
          "picking the longer answer",
          "correlation with length",
          "calibration error")
    };
    result
        .rewardModels()
        .forEach(
            (name, evaluation) ->
                table[0] =
                    table[0].row(
                        Cell.text(name),
                        Cell.percent(evaluation.accuracy()),
                        Cell.percent(evaluation.longerBaseline()),
                        Cell.figure(evaluation.lengthSpearman(), 2),
                        Cell.number(evaluation.reliability().expectedError(), 3)));
    return table[0];
  }

  /** All of them for a console. */
  static String text(PocketResult result) {
    return String.join(
        "\n",
        new Headline(result).lines(),
        TextTable.render(truth(result), WIDTH),
        TextTable.render(distance(result), WIDTH),
        TextTable.render(rewardModels(result), WIDTH),
        "Held-out items, greedy replies; brackets are 95 % intervals.\n");
  }
}
