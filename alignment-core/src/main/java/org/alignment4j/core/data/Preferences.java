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
 *       plain text for models without a chat template;
 *   <li>strings {@code input}, {@code output_1}, {@code output_2} with {@code label} 1 or 2, the
 *       better output, as in LLMBar (Zeng et al. 2024);
 *   <li>strings {@code history}, {@code human_ref_A}, {@code human_ref_B} with {@code labels} 1
 *       where A is the better one and 0 where B is, as in SHP (Ethayarajh et al. 2022).
 * </ul>
 *
 * <p>Read where present, in any form:
 *
 * <ul>
 *   <li>{@code system}, a text: the conversation starts with it, and a text prompt becomes a
 *       conversation; not possible where the texts do not say where the prompt ends;
 *   <li>{@code probability}, or else whole numbers {@code chosen_votes} and {@code rejected_votes}
 *       of which the first one's share is the probability;
 *   <li>{@code margin}, or else {@code chosen_score} and {@code rejected_score} whose difference is
 *       the margin;
 *   <li>{@code annotator}.
 * </ul>
 *
 * <p>Empty answers, equal answers, a chosen answer with the lower score, and dialogues that part
 * before their last reply are faults of their row.
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

  /**
   * Writes pairs as JSON lines with {@code prompt}, {@code chosen} and {@code rejected} (lists of
   * messages where the prompt is a conversation), and {@code probability}, {@code margin} and
   * {@code annotator} where they say something, which {@link #read} reads back as they are. The
   * file is replaced whole or not at all and is compressed when its name ends in {@code .gz}.
   *
   * @return the number of rows written
   * @throws IllegalArgumentException if the name does not end in {@code .jsonl} or {@code .ndjson},
   *     or a pair would not read back as it is, such as one of equal answers
   */
  public static long write(Path path, Iterable<PreferencePair> pairs) {
    return new CanonicalRows<>(PreferenceForm::fields, parser()).write(path, pairs);
  }

  private static Function<Row, PreferencePair> parser() {
    return new Parser();
  }

  /** Remembers the form of the first row. */
  private static final class Parser implements Function<Row, PreferencePair> {

    private final FirstForm first = new FirstForm();
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
      PreferencePair pair = form.read(row);
      first.require(row, PromptFields.form(pair.prompt()));
      return pair;
    }
  }
}
