package org.alignment4j.eval.general;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.declared.ChoiceTask;
import org.alignment4j.eval.declared.FewShot;
import org.alignment4j.eval.declared.TaskTemplate;
import org.alignment4j.eval.declared.TemplatedSamples;
import org.alignment4j.eval.declared.TemplatedSamples.Source;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * Multiple choice from files of one question a row: ARC, HellaSwag, and any other by a template.
 * Metrics: {@code acc}, {@code acc_norm} and {@code acc_bytes} of {@link
 * org.alignment4j.eval.solve.ChoiceAccuracy}; chance is that of the file's own numbers of choices.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MultipleChoice {

  private MultipleChoice() {}

  /**
   * Loads ARC (Clark et al. 2018, arXiv 1803.05457), Easy or Challenge, in the hub's form: {@code
   * id}, {@code question}, {@code choices} with {@code text} and {@code label}, {@code answerKey}.
   *
   * @param file the file, {@code .jsonl}
   * @param fewShot which examples stand before each question; 25 are usual
   * @param reading how files are read
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks the format
   */
  public static LoadedBenchmark arc(Path file, FewShot fewShot, ReadOptions reading) {
    TaskTemplate template = BundledTemplates.template("arc.json");
    return ChoiceTask.of(
        "arc",
        "1",
        template,
        TemplatedSamples.read(template, file, fewShot, reading),
        "Clark et al. 2018, arXiv 1803.05457");
  }

  /**
   * Loads HellaSwag (Zellers et al. 2019, arXiv 1905.07830): {@code activity_label}, {@code ctx_a},
   * {@code ctx_b}, {@code endings}, {@code label} from 0. Texts are cleaned as in
   * lm-evaluation-harness; items of one {@code source_id} are a cluster.
   *
   * @param file the file, {@code .jsonl}
   * @param fewShot which examples stand before each question; 10 are usual
   * @param reading how files are read
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks the format
   */
  public static LoadedBenchmark hellaSwag(Path file, FewShot fewShot, ReadOptions reading) {
    TaskTemplate template = BundledTemplates.template("hellaswag.json");
    List<Source> examples =
        fewShot.files().stream()
            .map(shown -> new Source(shown, MultipleChoice::hellaSwagRow, reading))
            .toList();
    List<Source> scored = List.of(new Source(file, MultipleChoice::hellaSwagRow, reading));
    return ChoiceTask.of(
        "hellaswag",
        "1",
        template,
        TemplatedSamples.read(template, scored, examples, fewShot),
        "Zellers et al. 2019, arXiv 1905.07830");
  }

  private static Map<String, List<String>> hellaSwagRow(Row row) {
    String second = row.optionalString("ctx_b").orElse("");
    String context = row.text("ctx_a") + " " + capitalized(second);
    return Map.of(
        "activity_label", List.of(cleaned(row.text("activity_label"))),
        "context", List.of(cleaned(context)),
        "endings", row.strings("endings").stream().map(MultipleChoice::cleaned).toList());
  }

  /** Marks of WikiHow's layout go; a title becomes a sentence. */
  static String cleaned(String text) {
    return text.strip().replace(" [title]", ". ").replaceAll("\\[.*?\\]", "").replace("  ", " ");
  }

  private static String capitalized(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }

  /**
   * Loads any multiple choice.
   *
   * @param name the benchmark's name
   * @param file the file, in any format that is read by rows
   * @param template how rows are put; must have choices
   * @param fewShot which examples stand before each question
   * @param reading how files are read
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks the format
   * @throws IllegalArgumentException when the template has no choices
   */
  public static LoadedBenchmark of(
      String name, Path file, TaskTemplate template, FewShot fewShot, ReadOptions reading) {
    return ChoiceTask.of(
        name, "1", template, TemplatedSamples.read(template, file, fewShot, reading), "");
  }
}
