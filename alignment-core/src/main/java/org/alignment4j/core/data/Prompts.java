package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * Reads prompts to generate answers for. A row has {@code prompt}, a text or a list of {@code
 * role}/{@code content} messages, and may have a text {@code system}; or it is only text, as the
 * rows of {@link DataFormat#TEXT_LINES} and of lists of strings are. Other fields are left aside.
 * Every row must have the form of the first. Empty prompts are faults of their row.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Prompts {

  private Prompts() {}

  /**
   * Returns the prompt of a row of a reader of one's own: field {@code prompt}, a text or a list of
   * messages, after the text {@code system} where there is one.
   *
   * @throws DataFormatException if it is missing or empty, or neither text nor messages
   */
  public static Prompt of(Row row) {
    return PromptFields.read(row, PromptFields.PROMPT);
  }

  /**
   * Reads all prompts of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format
   */
  public static Dataset<Prompt> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all prompts of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<Prompt> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, new Parser());
  }

  /**
   * Hands on the prompts of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super Prompt> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(new Parser(), action);
      return rows.report();
    }
  }

  /**
   * Writes prompts as JSON lines with {@code prompt}, which {@link #read} reads back as they are.
   * The file is replaced whole or not at all and is compressed when its name ends in {@code .gz}.
   *
   * @return the number of rows written
   * @throws IllegalArgumentException if the name does not end in {@code .jsonl} or {@code .ndjson},
   *     or a prompt would not read back as it is
   */
  public static long write(Path path, Iterable<Prompt> prompts) {
    return new CanonicalRows<>(Prompts::fields, new Parser()).write(path, prompts);
  }

  private static Map<String, Object> fields(Prompt prompt) {
    Map<String, Object> fields = new LinkedHashMap<>();
    PromptFields.put(fields, prompt);
    return fields;
  }

  private static final class Parser implements Function<Row, Prompt> {

    private final FirstForm first = new FirstForm();

    @Override
    public Prompt apply(Row row) {
      boolean onlyText = row.isOnlyText();
      Prompt prompt = PromptFields.read(row, onlyText ? JsonValues.TEXT : PromptFields.PROMPT);
      first.require(row, PromptFields.form(prompt));
      return prompt;
    }
  }
}
