package org.alignment4j.rlhf.data;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.Prompts;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.data.RowReader;
import org.apiguardian.api.API;

/**
 * Reads answers with the rewards they got. A row has {@code prompt}, a text or a list of messages,
 * {@code answer}, a text, and {@code reward}, a finite number; other fields are left aside. Names
 * may be mapped in the read options. Empty answers are faults of their row.
 *
 * <pre>{@code
 * AlolTrainer.of(base).train(RatedAnswers.read(Path.of("rated.jsonl")));
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RatedAnswers {

  private RatedAnswers() {}

  /**
   * Reads all answers of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format, named by line and field
   */
  public static Dataset<RatedAnswer> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all answers of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<RatedAnswer> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, RatedAnswers::answer);
  }

  /**
   * Hands on the answers of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super RatedAnswer> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(RatedAnswers::answer, action);
      return rows.report();
    }
  }

  private static RatedAnswer answer(Row row) {
    return new RatedAnswer(
        new PromptCompletion(Prompts.of(row), row.text("answer")), row.number("reward"));
  }
}
