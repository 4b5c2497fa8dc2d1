package org.alignment4j.eval.factuality;

import java.nio.file.Path;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * TruthfulQA (Lin et al. 2022, arXiv 2109.07958) from its CSV file: does a model say, and prefer,
 * what is true to what people often say?
 *
 * <p>Multiple choice: {@code mc1}, {@code mc2} and {@code mc3} ({@link TruthfulQaFormulas},
 * fractions). Chance levels are those of the file's own numbers of answers; small models lie at or
 * below that of {@code mc2}.
 *
 * <p>Generation: the answer in the model's own words, compared with the true and the false answers
 * ({@code bleu_max}, {@code bleu_diff}, {@code bleu_acc} and so on for {@code rouge1}, {@code
 * rouge2}, {@code rougeL} and measures of one's own), and judged ({@code truthful}, {@code
 * informative}, {@code truthful_informative}); see {@link TruthfulQaGeneration}. To have no comment
 * is true and not informative: it wins most of the overlaps, which is why the paper reports both
 * together.
 *
 * <p>The answers follow the authors' primer of six questions. All figures are also given by type
 * ({@code mc1/Adversarial}). Standard errors are by question, as usual; {@code mc1/by_category} is
 * the same figure with errors clustered by the question's category.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TruthfulQa {

  private TruthfulQa() {}

  /**
   * Loads the multiple-choice task, read strictly.
   *
   * @param path {@code TruthfulQA.csv}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark multipleChoice(Path path) {
    return multipleChoice(path, ReadOptions.strict());
  }

  /**
   * Loads the multiple-choice task.
   *
   * @param path {@code TruthfulQA.csv}
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark multipleChoice(Path path, ReadOptions reading) {
    return TruthfulQaChoice.of(samples(path, reading));
  }

  /**
   * Loads the generation task, read strictly, with the overlaps of this package and no judge.
   *
   * @param path {@code TruthfulQA.csv}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark generation(Path path) {
    return generation(path, TruthfulQaGeneration.overlaps(), ReadOptions.strict());
  }

  /**
   * Loads the generation task.
   *
   * @param path {@code TruthfulQA.csv}
   * @param settings how answers are sampled, compared and judged
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark generation(
      Path path, TruthfulQaGeneration settings, ReadOptions reading) {
    return settings.of(samples(path, reading));
  }

  private static Dataset<Sample> samples(Path path, ReadOptions reading) {
    return Dataset.read(path, reading, row -> TruthfulQaItem.of(row).sample(row.line()));
  }
}
