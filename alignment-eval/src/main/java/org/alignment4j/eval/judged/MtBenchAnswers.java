package org.alignment4j.eval.judged;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;

/**
 * Two-turn answers to MT-Bench's questions: of a model to compare with, or of reference.
 *
 * @param name whose they are
 * @param turns two answers by question id
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MtBenchAnswers(String name, Map<String, List<String>> turns) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a question has other than two answers
   */
  public MtBenchAnswers {
    Objects.requireNonNull(name, "name");
    turns = ImmutableMap.copyOf(turns);
    turns.forEach(
        (id, answers) -> {
          if (answers.size() != MtBenchQuestion.TURNS) {
            throw new IllegalArgumentException(
                "a question must have two answers but '" + id + "' has " + answers.size());
          }
        });
  }

  /**
   * Reads the JSONL files that FastChat writes: {@code question_id}, {@code model_id} and {@code
   * choices}, of which the first counts, with its {@code turns}.
   *
   * @param path a file of {@code model_answer} or {@code reference_answer}
   * @return the answers
   * @throws DataFormatException when the file is missing, breaks the format, answers a question
   *     twice or is of several models
   */
  public static MtBenchAnswers read(Path path) {
    record Entry(String model, String id, List<String> turns) {}

    Map<String, List<String>> turns = new LinkedHashMap<>();
    String[] model = {""};
    Dataset<Entry> rows =
        Dataset.read(
            path,
            ReadOptions.strict(),
            row -> {
              Entry entry = new Entry(row.text("model_id"), MtBenchQuestion.id(row), first(row));
              if (turns.putIfAbsent(entry.id(), entry.turns()) != null) {
                throw row.fault(
                    "question_id",
                    "a question must be answered once but '" + entry.id() + "' is again");
              }
              if (!model[0].isEmpty() && !model[0].equals(entry.model())) {
                throw row.fault(
                    "model_id",
                    "answers must be of one model, '"
                        + model[0]
                        + "', but this one is of '"
                        + entry.model()
                        + "'; split the file");
              }
              model[0] = entry.model();
              return entry;
            });
    if (rows.isEmpty()) {
      throw new DataFormatException(
          path.toString(), 0, null, "a file of answers must have one but is empty");
    }
    return new MtBenchAnswers(model[0], turns);
  }

  private static List<String> first(Row row) {
    List<Row> choices = row.objects("choices");
    if (choices.isEmpty()) {
      throw row.fault("choices", "there must be a choice but is none");
    }
    return MtBenchQuestion.turns(choices.get(0), "turns");
  }

  /** The hash of the answers, for provenance. */
  ContentHash hash() {
    return PlainJson.key(Map.of("name", name, "turns", turns));
  }
}
