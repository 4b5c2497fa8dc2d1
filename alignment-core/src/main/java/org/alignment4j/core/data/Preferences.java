package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.reward.PreferencePair;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reads preference pairs. The form is told by the first row that has one, and every other row must
 * have it too:
 *
 * <ul>
 *   <li>strings {@code prompt}, {@code chosen}, {@code rejected};
 *   <li>strings {@code chosen}, {@code rejected} whose longest common beginning is the prompt; a
 *       space before the first different word goes to the answers (TRL's implicit prompt);
 *   <li>lists of {@code role}/{@code content} messages, with the prompt explicit or as the common
 *       first messages; each answer is one assistant message;
 *   <li>Anthropic's HH dialogues: the prompt is the conversation up to the last assistant turn, the
 *       answers are the last replies. {@link HumanAssistantText#asText} turns these pairs into
 *       plain text for models without a chat template.
 * </ul>
 *
 * <p>{@code probability}, {@code margin} and {@code annotator} are read where present. Empty
 * answers, equal answers and dialogues that part before their last reply are faults of their row.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Preferences {

  private Preferences() {}

  /**
   * Reads all pairs of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format
   */
  public static Dataset<PreferencePair> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all pairs of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<PreferencePair> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, parser());
  }

  /**
   * Hands on the pairs of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super PreferencePair> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(parser(), action);
      return rows.report();
    }
  }

  private static Function<Row, PreferencePair> parser() {
    return new Parser();
  }

  /** Remembers the form of the first row. */
  private static final class Parser implements Function<Row, PreferencePair> {

    private @Nullable PreferenceForm form;

    @Override
    public PreferencePair apply(Row row) {
      PreferenceForm found = PreferenceForm.of(row);
      if (form == null) {
        form = found;
      }
      // An implicit text may look like a dialogue by chance, so it decides nothing.
      if (found != form
          && !(form == PreferenceForm.IMPLICIT_TEXT && found == PreferenceForm.DIALOGUE_TEXT)) {
        throw row.fault(
            Fault.MIXED_FORMS,
            "every row must have the form of the first, "
                + form.description()
                + ", but this one has "
                + found.description());
      }
      return form.read(row);
    }
  }
}
