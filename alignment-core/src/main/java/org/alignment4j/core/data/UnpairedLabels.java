package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.UnpairedLabel;
import org.apiguardian.api.API;

/**
 * Reads answers that were found good or bad by themselves, as KTO learns from (Ethayarajh et al.
 * 2024). A row has {@code label} (true or false, 1 or 0) and either
 *
 * <ul>
 *   <li>{@code prompt} and {@code completion}: texts, or lists of {@code role}/{@code content}
 *       messages of which the completion is one assistant message; or
 *   <li>{@code messages}: a conversation whose last message is the assistant's answer.
 * </ul>
 *
 * <p>A text {@code system} stands before the conversation. Every row must have the form of the
 * first. Empty answers are faults of their row.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class UnpairedLabels {

  private static final String MESSAGES = "messages";
  private static final String COMPLETION = "completion";
  private static final String LABEL = "label";

  private UnpairedLabels() {}

  /**
   * Reads all labels of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format
   */
  public static Dataset<UnpairedLabel> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all labels of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<UnpairedLabel> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, new Parser());
  }

  /**
   * Hands on the labels of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super UnpairedLabel> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(new Parser(), action);
      return rows.report();
    }
  }

  /**
   * Writes labels as JSON lines with {@code prompt}, {@code completion} and {@code label}, which
   * {@link #read} reads back as they are. The file is replaced whole or not at all and is
   * compressed when its name ends in {@code .gz}.
   *
   * @return the number of rows written
   * @throws IllegalArgumentException if the name does not end in {@code .jsonl} or {@code .ndjson},
   *     or a label would not read back as it is
   */
  public static long write(Path path, Iterable<UnpairedLabel> labels) {
    return new CanonicalRows<>(UnpairedLabels::fields, new Parser()).write(path, labels);
  }

  private static Map<String, Object> fields(UnpairedLabel label) {
    Map<String, Object> fields = new LinkedHashMap<>();
    PromptFields.put(fields, label.prompt());
    PromptFields.putAnswer(fields, COMPLETION, label.prompt(), label.completion());
    fields.put(LABEL, label.desirable());
    return fields;
  }

  private static final class Parser implements Function<Row, UnpairedLabel> {

    private final FirstForm first = new FirstForm();

    @Override
    public UnpairedLabel apply(Row row) {
      boolean conversation = row.has(MESSAGES);
      UnpairedLabel label = conversation ? conversation(row) : answer(row);
      first.require(
          row,
          conversation
              ? MESSAGES
              : "prompt and completion and " + PromptFields.form(label.prompt()));
      return label;
    }

    private static UnpairedLabel answer(Row row) {
      return new UnpairedLabel(
          PromptFields.read(row, PromptFields.PROMPT),
          Messages.completion(row, COMPLETION),
          row.bool(LABEL));
    }

    private static UnpairedLabel conversation(Row row) {
      List<Message> messages = Messages.read(row, MESSAGES);
      int last = messages.size() - 1;
      if (last == 0) {
        throw row.fault(
            MESSAGES, "a conversation must have messages before the answer but has one message");
      }
      String answer = Messages.answer(row, MESSAGES, messages.subList(last, messages.size()));
      if (answer.isBlank()) {
        throw row.fault(MESSAGES, Fault.EMPTY_TEXT, "the last message must not be empty");
      }
      Prompt prompt = PromptFields.withSystem(row, Prompt.chat(messages.subList(0, last)));
      return new UnpairedLabel(prompt, answer, row.bool(LABEL));
    }
  }
}
