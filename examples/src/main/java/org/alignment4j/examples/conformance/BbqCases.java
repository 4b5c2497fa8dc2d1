package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.bias.BbqPredictions;

/** BBQ's accuracies and bias scores, from predictions that the authors' script scored. */
final class BbqCases {
  private static final String PREDICTIONS = "bbq_predictions.csv";
  private static final String SCORES = "bbq_official_scores.csv";
  private static final String ACCURACIES = "bbq_official_accuracy.csv";
  private static final String HARNESS = "bbq_lm_eval_expected.json";

  /** The harness's names and ours; it gives bias scores as fractions. */
  private static final Map<String, String> HARNESS_NAMES =
      Map.of(
          "accuracy_amb", "accuracy_ambig",
          "accuracy_disamb", "accuracy_disambig",
          "amb_bias_score", "s_amb",
          "disamb_bias_score", "s_dis");

  private static final double PERCENT = 100;
  private static final String CONDITION = "context_condition";

  private final String kind;
  private final CaseRunner runner;

  BbqCases(String kind, CaseRunner runner) {
    this.kind = kind;
    this.runner = runner;
  }

  /** Whether a JSON file of a folder is scored, which needs the predictions. */
  static boolean reads(Path folder, String name) {
    return name.equals(HARNESS) && Files.exists(folder.resolve(PREDICTIONS));
  }

  /**
   * Runs the tables that a folder has.
   *
   * @throws IOException if a file cannot be read
   */
  void run(Path folder) throws IOException {
    Path predictions = folder.resolve(PREDICTIONS);
    if (!Files.exists(predictions)) {
      return;
    }
    Map<String, Estimate> estimates = BbqPredictions.estimate(predictions, 1);
    if (Files.exists(folder.resolve(SCORES))) {
      runner.run(
          kind,
          PREDICTIONS,
          "bias scores",
          check -> {
            for (Row row : rows(folder.resolve(SCORES))) {
              String score = row.text(CONDITION).equals("ambig") ? "s_amb/" : "s_dis/";
              close(check, estimates, score + row.text("category"), row.number("acc_bias"));
            }
          });
    }
    if (Files.exists(folder.resolve(ACCURACIES))) {
      runner.run(
          kind,
          PREDICTIONS,
          "accuracies",
          check -> {
            for (Row row : rows(folder.resolve(ACCURACIES))) {
              String name = "accuracy_" + row.text(CONDITION) + "/" + row.text("category");
              close(check, estimates, name, row.number("accuracy"));
            }
          });
    }
    if (Files.exists(folder.resolve(HARNESS))) {
      harness(folder.resolve(HARNESS), predictions);
    }
  }

  /** The harness leaves out the rows about proper names. */
  private void harness(Path expected, Path predictions) {
    runner.run(
        kind,
        PREDICTIONS,
        "evaluation harness",
        check -> {
          List<Row> labels =
              rows(predictions).stream().filter(r -> r.text("label_type").equals("label")).toList();
          Map<String, Estimate> estimates = BbqPredictions.estimate(labels, 1);
          Fixture results = Fixture.read(expected).get("results");
          for (String field : results.keys()) {
            if (!results.node().get(field).isNumber()) {
              continue;
            }
            String theirs =
                HARNESS_NAMES.keySet().stream()
                    .filter(name -> field.equals(name) || field.startsWith(name + "_"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown figure " + field));
            String rest = field.substring(theirs.length());
            String ours = HARNESS_NAMES.getOrDefault(theirs, theirs);
            double unit = ours.startsWith("s_") ? PERCENT : 1;
            String name = rest.isEmpty() ? ours : ours + "/" + rest.substring(1);
            close(check, estimates, name, unit * results.get(field).number());
          }
        });
  }

  private static List<Row> rows(Path table) {
    return Dataset.read(table, ReadOptions.strict(), row -> row);
  }

  private static void close(
      Check check, Map<String, Estimate> estimates, String name, double expected) {
    Estimate estimate = estimates.get(name);
    if (estimate == null) {
      check.fail("there must be an estimate " + name + " but there are " + estimates.keySet());
      return;
    }
    check.close(name, estimate.value(), expected, Tolerance.DOUBLE);
  }
}
