package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reads examples for supervised training. The first row decides which form every row has: {@code
 * messages} (a list of {@code role}/{@code content}), {@code prompt} and {@code completion}
 * (strings or message lists), or {@code text}. Empty texts and conversations without an assistant
 * message are faults of their row.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Demonstrations {

  private Demonstrations() {}

  /**
   * Reads all examples of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format
   */
  public static Dataset<Demonstration> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all examples of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<Demonstration> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, new Parser());
  }

  /**
   * Hands on the examples of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super Demonstration> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(new Parser(), action);
      return rows.report();
    }
  }

  private enum Form {
    MESSAGES,
    ANSWER,
    TEXT;

    static Form of(Row row) {
      if (row.has("messages")) {
        return MESSAGES;
      }
      if (row.has("prompt") || row.has("completion")) {
        return ANSWER;
      }
      if (row.has("text")) {
        return TEXT;
      }
      throw row.fault(
          Fault.MISSING_FIELD,
          "a demonstration must have messages, or prompt and completion, or text, but has "
              + row.namesInFile()
              + "; map the names in the read options");
    }
  }

  private static final class Parser implements Function<Row, Demonstration> {

    private @Nullable Form form;

    @Override
    public Demonstration apply(Row row) {
      Form found = Form.of(row);
      if (form == null) {
        form = found;
      }
      if (found != form) {
        throw row.fault(
            Fault.MIXED_FORMS,
            "every row must have the form of the first, " + form + ", but this one has " + found);
      }
      return switch (form) {
        case MESSAGES -> new Demonstration.Conversation(Messages.read(row, "messages"));
        case ANSWER -> answer(row);
        case TEXT -> new Demonstration.Text(row.text("text"));
      };
    }

    private static Demonstration answer(Row row) {
      Prompt prompt =
          row.isList("prompt")
              ? Prompt.chat(Messages.read(row, "prompt"))
              : Prompt.text(row.string("prompt"));
      if (!row.isList("completion")) {
        return Demonstration.answer(prompt, row.text("completion"));
      }
      List<Message> completion = Messages.read(row, "completion");
      return Demonstration.answer(prompt, Messages.answer(row, "completion", completion));
    }
  }
}
