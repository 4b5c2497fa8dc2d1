package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reads examples for supervised training. The first row decides which form every row has: {@code
 * messages} (a list of {@code role}/{@code content}), {@code prompt} and {@code completion}
 * (strings or message lists), or {@code text}. A text {@code system} stands before the messages and
 * makes a conversation of a text prompt. Empty texts and conversations without an assistant message
 * are faults of their row.
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

  /**
   * Writes examples as JSON lines with {@code messages}, with {@code prompt} and {@code
   * completion}, or with {@code text}, which {@link #read} reads back as they are. The file is
   * replaced whole or not at all and is compressed when its name ends in {@code .gz}.
   *
   * @return the number of rows written
   * @throws IllegalArgumentException if the name does not end in {@code .jsonl} or {@code .ndjson},
   *     or an example would not read back as it is, such as one of another form than the first
   */
  public static long write(Path path, Iterable<Demonstration> examples) {
    return new CanonicalRows<>(Demonstrations::fields, new Parser()).write(path, examples);
  }

  private static Map<String, Object> fields(Demonstration example) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (example instanceof Demonstration.Conversation conversation) {
      fields.put("messages", Messages.fields(conversation.messages()));
    } else if (example instanceof Demonstration.Answer answer) {
      Prompt prompt = answer.example().prompt();
      PromptFields.put(fields, prompt);
      PromptFields.putAnswer(fields, "completion", prompt, answer.example().completion());
    } else if (example instanceof Demonstration.Text text) {
      fields.put("text", text.text());
    }
    return fields;
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
              + RowException.shown(row.namesInFile())
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
        case MESSAGES ->
            new Demonstration.Conversation(
                PromptFields.conversation(row, Messages.read(row, "messages")));
        case ANSWER -> answer(row);
        case TEXT -> new Demonstration.Text(row.text("text"));
      };
    }

    private static Demonstration answer(Row row) {
      Prompt prompt =
          row.isList("prompt")
              ? Prompt.chat(Messages.read(row, "prompt"))
              : Prompt.text(row.string("prompt"));
      return Demonstration.answer(
          PromptFields.withSystem(row, prompt), Messages.completion(row, "completion"));
    }
  }
}
