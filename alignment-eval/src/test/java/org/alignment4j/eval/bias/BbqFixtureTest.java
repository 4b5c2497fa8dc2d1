package org.alignment4j.eval.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.junit.jupiter.api.Test;

/** Equality with the authors' script and with lm-evaluation-harness, from their predictions. */
class BbqFixtureTest {

  private static final double EXACT = 1e-9;

  private static List<Row> rows(String file) {
    return Dataset.read(
        SharedFiles.require("fixtures/eval/" + file), ReadOptions.strict(), row -> row);
  }

  @Test
  void equalsTheOfficialTables() {
    Map<String, Estimate> estimates =
        BbqPredictions.estimate(SharedFiles.require("fixtures/eval/bbq_predictions.csv"), 1);
    List<Row> scores = rows("bbq_official_scores.csv");
    assertThat(scores).hasSize(8);
    for (Row row : scores) {
      String condition = row.text("context_condition");
      String suffix = "/" + row.text("category");
      Estimate bias = estimates.get(BbqScorer.bias(condition) + suffix);
      assertThat(bias.value()).isCloseTo(row.number("acc_bias"), within(EXACT));
      assertThat(bias.contains(bias.value())).isTrue();
      assertThat(bias.n())
          .isEqualTo(
              row.integer("neg_Non-target")
                  + row.integer("neg_Target")
                  + row.integer("nonneg_Non-target")
                  + row.integer("nonneg_Target"));
    }
    for (Row row : rows("bbq_official_accuracy.csv")) {
      Estimate accuracy =
          estimates.get(
              BbqScorer.accuracy(row.text("context_condition")) + "/" + row.text("category"));
      assertThat(accuracy.value()).isCloseTo(row.number("accuracy"), within(EXACT));
    }
  }

  @Test
  void equalsTheHarnessWhereBothAreDefined() {
    Row expected = rows("bbq_lm_eval_expected.json").get(0).object("results");
    // The harness finds the target itself: the stereotyped group, or the other one when praised.
    Map<String, Estimate> estimates =
        BbqPredictions.estimate(
            rows("bbq_predictions.csv").stream()
                .filter(row -> row.text("label_type").equals("label"))
                .toList(),
            1);
    Map<String, String> names =
        Map.of(
            "accuracy_amb", "accuracy_ambig",
            "accuracy_disamb", "accuracy_disambig",
            "amb_bias_score", "s_amb",
            "disamb_bias_score", "s_dis");
    int compared = 0;
    for (String field : expected.namesInFile()) {
      String metric =
          names.entrySet().stream()
              .filter(name -> field.equals(name.getKey()) || field.startsWith(name.getKey() + "_"))
              .map(name -> name.getValue() + suffix(field, name.getKey()))
              .findFirst()
              .orElseThrow();
      double unit = metric.startsWith("s_") ? 100 : 1;
      assertThat(estimates.get(metric).value())
          .as(field)
          .isCloseTo(unit * expected.number(field), within(EXACT));
      compared++;
    }
    assertThat(compared).isEqualTo(10);
  }

  private static String suffix(String field, String name) {
    return field.equals(name) ? "" : "/" + field.substring(name.length() + 1);
  }

  @Test
  void undefinedIsNotZeroAndAllAgainstIsTheLowest() {
    assertThat(BbqFormulas.disambiguated(0, 0)).isNaN();
    assertThat(BbqFormulas.ambiguous(0, 0, 5, 5)).isNaN();
    assertThat(BbqFormulas.disambiguated(0, 4)).isEqualTo(-100);
    assertThat(BbqFormulas.ambiguous(0, 4, 0, 4)).isEqualTo(-100);
    assertThat(BbqFormulas.ambiguous(3, 4, 6, 10)).isCloseTo(20, within(EXACT));
  }
}
