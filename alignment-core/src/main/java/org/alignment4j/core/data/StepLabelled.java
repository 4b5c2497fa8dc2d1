package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.apiguardian.api.API;

/**
 * Reads answers in steps whose steps were judged. The form is told by the first row, and every
 * other row must have it too:
 *
 * <ul>
 *   <li>{@code prompt}, {@code completions} (a list of texts) and {@code labels} (for each step
 *       true, false, a number from 0 to 1, or null when not judged), as in TRL's stepwise
 *       supervision;
 *   <li>{@code input}, {@code steps} and {@code mistake_index}, the 0-based first wrong step or
 *       null, as in BIG-Bench Mistake (Tyen et al. 2023): the steps before it are right, those
 *       after it are not judged, and without a mistake all are right;
 *   <li>{@code problem}, {@code steps} and {@code label}, the same with -1 for none, as in
 *       ProcessBench (Zheng et al. 2024);
 *   <li>{@code question.problem} and {@code label.steps} as in PRM800K (Lightman et al. 2023):
 *       ratings -1, 0, 1 become 0, 0.5, 1. The steps are the chosen completions, a human's step
 *       where none was chosen, and at the first mistake, where there is neither, the first
 *       completion, which ends the solution. Other completions are left aside. A step that its
 *       labeller flagged is not judged, whatever its rating.
 * </ul>
 *
 * <p>The prompt is named {@code prompt} in every form when the row has that field; it may be a list
 * of messages. Empty steps are faults of their row.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class StepLabelled {

  private static final String COMPLETIONS = "completions";
  private static final String LABELS = "labels";
  private static final String STEPS = "steps";
  private static final String LABEL = "label";
  private static final String MISTAKE = "mistake_index";
  private static final String QUESTION = "question";

  private StepLabelled() {}

  /**
   * Reads all solutions of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format
   */
  public static Dataset<StepLabels> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all solutions of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<StepLabels> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, new Parser());
  }

  /**
   * Hands on the solutions of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super StepLabels> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(new Parser(), action);
      return rows.report();
    }
  }

  /**
   * Writes solutions as JSON lines with {@code prompt}, {@code completions} and {@code labels}
   * (numbers, or null for a step that was not judged), which {@link #read} reads back as they are.
   * The file is replaced whole or not at all and is compressed when its name ends in {@code .gz}.
   *
   * @return the number of rows written
   * @throws IllegalArgumentException if the name does not end in {@code .jsonl} or {@code .ndjson},
   *     or a solution would not read back as it is
   */
  public static long write(Path path, Iterable<StepLabels> solutions) {
    return new CanonicalRows<>(StepLabelled::fields, new Parser()).write(path, solutions);
  }

  private static Map<String, Object> fields(StepLabels labels) {
    Map<String, Object> fields = new LinkedHashMap<>();
    PromptFields.put(fields, labels.solution().prompt());
    fields.put(COMPLETIONS, labels.solution().steps());
    fields.put(
        LABELS,
        labels.correctness().stream()
            .map(label -> label.isPresent() ? label.getAsDouble() : null)
            .toList());
    return fields;
  }

  private enum Form {
    STEP_LIST("completions and labels", PromptFields.PROMPT),
    FIRST_MISTAKE("steps and mistake_index", "input"),
    FIRST_MISTAKE_LABEL("steps and label", "problem"),
    RATED_COMPLETIONS("question and rated steps", QUESTION);

    private final String description;
    private final String prompt;

    Form(String description, String prompt) {
      this.description = description;
      this.prompt = prompt;
    }

    static Form of(Row row) {
      if (row.has(COMPLETIONS) || row.has(LABELS)) {
        return STEP_LIST;
      }
      if (row.has(STEPS)) {
        return row.states(MISTAKE) || !row.has(LABEL) ? FIRST_MISTAKE : FIRST_MISTAKE_LABEL;
      }
      if (row.isObject(QUESTION) && row.isObject(LABEL)) {
        return RATED_COMPLETIONS;
      }
      throw row.fault(
          Fault.MISSING_FIELD,
          "a solution in steps must have completions and labels, or steps and mistake_index, but"
              + " has "
              + RowException.shown(row.namesInFile())
              + "; map the names in the read options");
    }
  }

  private static final class Parser implements Function<Row, StepLabels> {

    private final FirstForm first = new FirstForm();

    @Override
    public StepLabels apply(Row row) {
      Form form = Form.of(row);
      Prompt prompt = prompt(row, form);
      first.require(row, form.description + " and " + PromptFields.form(prompt));
      return switch (form) {
        case STEP_LIST -> stepList(row, prompt);
        case FIRST_MISTAKE -> firstMistake(row, prompt, mistake(row));
        case FIRST_MISTAKE_LABEL -> firstMistake(row, prompt, mistakeLabel(row));
        case RATED_COMPLETIONS -> RatedSteps.read(row.object(LABEL), prompt);
      };
    }

    private static Prompt prompt(Row row, Form form) {
      if (row.states(PromptFields.PROMPT) || form == Form.STEP_LIST) {
        return PromptFields.read(row, PromptFields.PROMPT);
      }
      return form == Form.RATED_COMPLETIONS
          ? Prompt.text(row.object(QUESTION).text("problem"))
          : PromptFields.read(row, form.prompt);
    }

    private static StepLabels stepList(Row row, Prompt prompt) {
      List<String> steps = steps(row, COMPLETIONS);
      List<OptionalDouble> labels = row.shares(LABELS);
      if (labels.size() != steps.size()) {
        throw row.fault(
            LABELS,
            "there must be one label for each step, "
                + steps.size()
                + ", but there are "
                + labels.size());
      }
      return new StepLabels(new StepwiseSolution(prompt, steps), labels);
    }

    private static StepLabels firstMistake(Row row, Prompt prompt, long mistake) {
      List<String> steps = steps(row, STEPS);
      if (mistake >= steps.size()) {
        throw row.fault(
            row.states(MISTAKE) ? MISTAKE : LABEL,
            "the first mistake must be one of the "
                + steps.size()
                + " steps, counted from 0, but was "
                + mistake);
      }
      List<OptionalDouble> labels =
          IntStream.range(0, steps.size()).mapToObj(step -> label(step, mistake)).toList();
      return new StepLabels(new StepwiseSolution(prompt, steps), labels);
    }

    private static OptionalDouble label(int step, long mistake) {
      if (mistake < 0 || step < mistake) {
        return OptionalDouble.of(1);
      }
      return step == mistake ? OptionalDouble.of(0) : OptionalDouble.empty();
    }

    /**
     * The first mistake of a row, or -1; a row that does not say whether there is one is broken.
     */
    private static long mistake(Row row) {
      if (row.states(MISTAKE) && !row.has(MISTAKE)) {
        return -1;
      }
      long mistake = row.integer(MISTAKE);
      if (mistake < 0) {
        throw row.fault(MISTAKE, "the first mistake must be null or at least 0 but was " + mistake);
      }
      return mistake;
    }

    private static long mistakeLabel(Row row) {
      long mistake = row.integer(LABEL);
      if (mistake < -1) {
        throw row.fault(LABEL, "the first mistake must be -1 or at least 0 but was " + mistake);
      }
      return mistake;
    }

    private static List<String> steps(Row row, String name) {
      List<String> steps = row.texts(name);
      if (steps.isEmpty()) {
        throw row.fault(name, Fault.EMPTY_TEXT, "a solution must have steps but is empty");
      }
      return steps;
    }
  }
}
