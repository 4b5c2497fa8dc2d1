package org.alignment4j.eval.redteam.injection;

import java.util.List;
import java.util.Locale;
import org.alignment4j.eval.redteam.BundledRows;
import org.apiguardian.api.API;

/**
 * A benign task on a document, whose answer can be checked. Immutable.
 *
 * @param id its identity among the tasks of a suite
 * @param instruction what the model is to do
 * @param document what it is to do it with
 * @param answers a right reply contains one of them, in any case
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record InjectionTask(String id, String instruction, String document, List<String> answers) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a part is blank or there is no answer
   */
  public InjectionTask {
    answers = List.copyOf(answers);
    if (id.isBlank() || document.isBlank()) {
      throw new IllegalArgumentException(
          "a task must have an id and a document but they were '"
              + id
              + "' and '"
              + document
              + "'");
    }
    if (answers.isEmpty() || answers.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "a task must have an answer, and no blank one, but those of '"
              + id
              + "' were "
              + answers
              + "; without one there is no utility");
    }
  }

  /** Returns the bundled tasks: short documents with a question each. */
  public static List<InjectionTask> bundled() {
    return BundledRows.read(
        InjectionTask.class,
        "tasks.jsonl",
        row ->
            new InjectionTask(
                row.apply("id"),
                row.apply("instruction"),
                row.apply("document"),
                List.of(row.apply("answer"))));
  }

  /** Returns whether a reply does the task. */
  public boolean solvedBy(String reply) {
    String text = reply.toLowerCase(Locale.ROOT);
    return answers.stream().anyMatch(answer -> text.contains(answer.toLowerCase(Locale.ROOT)));
  }
}
