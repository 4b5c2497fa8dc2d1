package org.alignment4j.eval.judged;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * LLMBar (Zeng et al. 2024, arXiv 2310.07641): does a judge take the output that follows an
 * instruction, where another reads as well or better? Figures of {@link JudgedPairs}, over all
 * pairs and by subset: {@code accuracy/Natural}, {@code accuracy/Adversarial}, {@code
 * accuracy/Adversarial/Neighbor} and so on. Guessing scores 0.5, and so does a judge that always
 * takes one place.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LlmBar {
  /** What counts in this set, for a judge's prompt. */
  public static final String CRITERIA =
      "which output follows the instruction more precisely; a pleasant tone or more detail does not"
          + " make up for doing something else than what was asked";

  private static final List<String> SUBSETS =
      List.of(
          "Natural",
          "Adversarial/Neighbor",
          "Adversarial/GPTInst",
          "Adversarial/GPTOut",
          "Adversarial/Manual");

  private LlmBar() {}

  /**
   * Loads the subsets that a folder has, read strictly.
   *
   * @param folder the official folder: {@code Natural/dataset.json}, {@code
   *     Adversarial/Neighbor/dataset.json} and so on
   * @param judge how pairs are put to the judge
   * @return the benchmark
   * @throws DataFormatException when there is no subset or a file breaks the format
   */
  public static LoadedBenchmark of(Path folder, BothOrders judge) {
    return of(folder, judge, ReadOptions.strict());
  }

  /**
   * Loads the subsets that a folder has.
   *
   * @param folder the official folder
   * @param judge how pairs are put to the judge
   * @param reading how files are read
   * @return the benchmark
   * @throws DataFormatException when there is no subset or a file breaks the format
   */
  public static LoadedBenchmark of(Path folder, BothOrders judge, ReadOptions reading) {
    List<Sample> samples = new ArrayList<>();
    List<ReadReport> reports = new ArrayList<>();
    for (String subset : SUBSETS) {
      Path file = folder.resolve(subset).resolve("dataset.json");
      if (Files.exists(file)) {
        Dataset<Sample> own = Dataset.read(file, reading, row -> sample(row, subset));
        samples.addAll(own);
        reports.add(own.report());
      }
    }
    if (reports.isEmpty()) {
      throw new DataFormatException(
          folder.toString(),
          0,
          null,
          "there must be a file dataset.json in one of the folders "
              + SUBSETS
              + " but there is none; give the folder that holds Natural and Adversarial");
    }
    return JudgedPairs.of(
        "llmbar", samples, judge, reports, "Zeng et al. 2024, arXiv 2310.07641, section 3");
  }

  private static Sample sample(Row row, String subset) {
    String first = row.string("output_1");
    String second = row.string("output_2");
    if (first.equals(second)) {
      throw row.fault("output_2", "the outputs must differ but are the same; remove the pair");
    }
    long label = row.integer("label");
    if (label != 1 && label != 2) {
      throw row.fault("label", "the label must be 1 or 2 but was " + label);
    }
    String id = subset + " line " + row.line();
    return new Sample(
        id,
        Prompt.text(row.text("input")),
        List.of(first, second),
        List.of(label == 1 ? first : second),
        id,
        Map.of(JudgedPairs.GROUP, subset));
  }
}
