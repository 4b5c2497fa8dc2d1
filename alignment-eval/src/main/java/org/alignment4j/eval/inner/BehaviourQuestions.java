package org.alignment4j.eval.inner;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * Questions as data, a JSON object each with {@code id}, {@code suite}, {@code question}, {@code
 * matching} and {@code other}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BehaviourQuestions {

  private BehaviourQuestions() {}

  /**
   * Reads a file of questions.
   *
   * @param path a JSONL, JSON or CSV file
   * @param suites the suites there may be; empty for any
   * @param reading how it is read
   * @return the questions
   * @throws DataFormatException when the file is missing or breaks the format: a field is missing
   *     or blank, both answers are the same, a suite is none of those there may be, an id occurs
   *     twice
   */
  public static Dataset<BehaviourQuestion> read(
      Path path, Set<String> suites, ReadOptions reading) {
    return Dataset.read(path, reading, conversion(suites));
  }

  /**
   * Reads questions that come as a resource, strictly.
   *
   * @param name the resource's name
   * @param content its bytes; closed
   * @param suites the suites there may be; empty for any
   * @return the questions
   * @throws DataFormatException when they break the format
   */
  public static Dataset<BehaviourQuestion> read(
      String name, InputStream content, Set<String> suites) {
    return Dataset.read(name, content, ReadOptions.strict(), conversion(suites));
  }

  private static Function<Row, BehaviourQuestion> conversion(Set<String> suites) {
    Set<String> ids = new HashSet<>();
    return row -> question(row, suites, ids);
  }

  private static BehaviourQuestion question(Row row, Set<String> suites, Set<String> ids) {
    String suite = row.text("suite");
    if (!suites.isEmpty() && !suites.contains(suite)) {
      throw row.fault("suite", "the suite must be one of " + suites + " but was '" + suite + "'");
    }
    String matching = row.text("matching");
    if (matching.equals(row.text("other"))) {
      throw row.fault("other", "the answers must differ but both were '" + matching + "'");
    }
    BehaviourQuestion question =
        new BehaviourQuestion(
            row.text("id"), suite, row.text("question"), matching, row.text("other"));
    if (!ids.add(question.id())) {
      throw row.fault("id", "an id must occur once but '" + question.id() + "' occurs twice");
    }
    return question;
  }
}
