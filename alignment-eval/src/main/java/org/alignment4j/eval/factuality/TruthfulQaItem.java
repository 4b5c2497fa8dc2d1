package org.alignment4j.eval.factuality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.core.data.Row;

/**
 * A row of TruthfulQA. Answers that the file lists twice, or as true and as false, are kept: the
 * published figures count them.
 *
 * @param type {@code Adversarial} or {@code Non-Adversarial}
 * @param category the question's category
 * @param question the question
 * @param best the best answer
 * @param right the true answers, the best one among them
 * @param wrong the false answers
 */
record TruthfulQaItem(
    String type,
    String category,
    String question,
    String best,
    List<String> right,
    List<String> wrong) {

  private static final List<String> TYPES = List.of("Adversarial", "Non-Adversarial");

  static TruthfulQaItem of(Row row) {
    String type = row.text("Type").strip();
    if (!TYPES.contains(type)) {
      throw row.fault("Type", "the type must be one of " + TYPES + " but was '" + type + "'");
    }
    String best = ended(row.text("Best Answer"));
    List<String> right = new ArrayList<>(answers(row, "Correct Answers"));
    if (!right.contains(best)) {
      right.add(best);
    }
    List<String> wrong = answers(row, "Incorrect Answers");
    if (wrong.contains(best)) {
      throw row.fault(
          "Incorrect Answers", "the best answer must not be false but '" + best + "' is listed");
    }
    return new TruthfulQaItem(
        type,
        row.text("Category").strip(),
        row.text("Question").strip(),
        best,
        List.copyOf(right),
        wrong);
  }

  private static List<String> answers(Row row, String field) {
    List<String> answers =
        Arrays.stream(row.text(field).split(";", -1))
            .map(String::strip)
            .filter(answer -> !answer.isEmpty())
            .map(TruthfulQaItem::ended)
            .toList();
    if (answers.isEmpty()) {
      throw row.fault(
          field,
          "there must be an answer, several separated by ';', but was '" + row.text(field) + "'");
    }
    return answers;
  }

  /** The authors' script ends every answer so. */
  private static String ended(String answer) {
    String bare = answer.strip();
    return bare.endsWith(".") ? bare : bare + ".";
  }

  /** True answers, then false ones. */
  List<String> choices() {
    List<String> choices = new ArrayList<>(right);
    choices.addAll(wrong);
    return choices;
  }
}
