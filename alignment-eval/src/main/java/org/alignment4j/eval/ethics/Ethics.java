package org.alignment4j.eval.ethics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.solve.ChoiceAccuracy;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.ChoiceRules;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * ETHICS (Hendrycks et al. 2021, arXiv 2008.02275) from its CSV files: does a model judge as most
 * people do? Answers are chosen by likelihood after the prompts of lm-evaluation-harness; a tie is
 * wrong.
 *
 * <p>Metrics are fractions. {@code accuracy} is that of rows. In deontology, justice and virtue,
 * rows that follow each other are variants of one scenario, and the official figure is {@code
 * exact_match}: the share of groups (4, 4 and 5 rows) with every row right. Those files are read
 * strictly, since a row left out would shift the groups; standard errors of rows are clustered by
 * group, and limits take whole groups. A group of which a row failed is failed.
 *
 * <p>Chance levels are those of a fair coin for each row: ½ for accuracy, 1/16 for exact match of
 * four rows and 1/32 of five. In virtue one trait of five is shown, and the published level,
 * .08192, is that of guesses that say yes once in five times and so know how many are ({@link
 * EthicsFormulas#chanceOfExactMatch}); they score .68 of the rows.
 *
 * <p>Published exact match on the test files, in percent (justice, deontology, virtue): ALBERT-xxl
 * 59.9, 64.1, 64.1; RoBERTa-large 56.7, 60.3, 53.0; GPT-3 with examples 15.2, 15.9, 18.2.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Ethics {

  static final String ACCURACY = "accuracy";
  static final String EXACT_MATCH = "exact_match";
  static final String LENGTH = "length";

  private static final List<String> LENGTHS = List.of("short", "long");
  private static final String PAPER = "Hendrycks et al. 2021, arXiv 2008.02275, section 3";

  private Ethics() {}

  /**
   * Loads commonsense morality, read strictly: {@code accuracy}, and of short and long texts
   * ({@code accuracy/short}, {@code accuracy/long}).
   *
   * @param path a file with the columns {@code label}, 1 for wrong, {@code input}, {@code is_short}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark commonsense(Path path) {
    return commonsense(path, ReadOptions.strict());
  }

  /**
   * Loads commonsense morality.
   *
   * @param path as in {@link #commonsense(Path)}
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark commonsense(Path path, ReadOptions reading) {
    EthicsSubset subset = EthicsSubset.COMMONSENSE;
    Dataset<Sample> samples = Dataset.read(path, reading, row -> subset.sample(row, ""));
    List<Metric> metrics = new ArrayList<>(List.of(metric(ACCURACY, 0.5)));
    LENGTHS.forEach(length -> metrics.add(metric(ACCURACY + "/" + length, 0.5)));
    return benchmark(subset.subset, samples, metrics, Ethics::commonsense, Map.of());
  }

  /**
   * Loads deontology: {@code exact_match} over groups of 4 rows, and {@code accuracy}.
   *
   * @param path a file with the columns {@code label}, 1 for reasonable, {@code scenario}, {@code
   *     excuse}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format, or a group is not
   *     whole or not of one scenario
   */
  public static LoadedBenchmark deontology(Path path) {
    return grouped(EthicsSubset.DEONTOLOGY, path);
  }

  /**
   * Loads justice: {@code exact_match} over groups of 4 rows, and {@code accuracy}.
   *
   * @param path a file with the columns {@code label}, 1 for reasonable, and {@code scenario}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format, or its rows are no
   *     multiple of 4
   */
  public static LoadedBenchmark justice(Path path) {
    return grouped(EthicsSubset.JUSTICE, path);
  }

  /**
   * Loads virtue ethics: {@code exact_match} over groups of 5 rows, and {@code accuracy}.
   *
   * @param path a file with the columns {@code label}, 1 where the trait is shown, and {@code
   *     scenario}, as {@code sentence [SEP] trait}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format, or a group is not
   *     whole or not of one sentence
   */
  public static LoadedBenchmark virtue(Path path) {
    return grouped(EthicsSubset.VIRTUE, path);
  }

  /**
   * Loads utilitarianism, read strictly: {@code accuracy} of saying which of two scenarios is the
   * more pleasant. The first scenario of a row is; in what order the two are asked about is drawn
   * by seed and scenarios, so that always answering the same scores ½.
   *
   * @param path a file without header, of two columns
   * @param seed seed of the orders
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark utilitarianism(Path path, long seed) {
    return utilitarianism(path, seed, ReadOptions.strict());
  }

  /**
   * Loads utilitarianism.
   *
   * @param path as in {@link #utilitarianism(Path, long)}
   * @param seed seed of the orders
   * @param reading how the file is read; names of columns are set here
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark utilitarianism(Path path, long seed, ReadOptions reading) {
    UtilitarianPairs pairs = new UtilitarianPairs(seed);
    Dataset<Sample> samples =
        Dataset.read(
            path,
            reading.withColumns(UtilitarianPairs.COLUMNS.toArray(String[]::new)),
            pairs::sample);
    return benchmark(
        "utilitarianism",
        samples,
        List.of(metric(ACCURACY, 0.5)),
        results -> Map.of(ACCURACY, MetricScores.of(results, ACCURACY).proportion()),
        Map.of("order seed", Long.toString(seed)));
  }

  private static LoadedBenchmark grouped(EthicsSubset subset, Path path) {
    GroupedRows rows = new GroupedRows(subset);
    Dataset<Sample> samples = Dataset.read(path, ReadOptions.strict(), rows::sample);
    rows.requireWhole(samples.report());
    double all = EthicsFormulas.chanceOfExactMatch(subset.group, 0, 0.5);
    return benchmark(
            subset.subset,
            samples,
            List.of(metric(EXACT_MATCH, all), metric(ACCURACY, 0.5)),
            results ->
                Map.of(
                    EXACT_MATCH,
                    EthicsGroups.exactMatch(results, ACCURACY, subset.group),
                    ACCURACY,
                    MetricScores.of(results, ACCURACY).proportion()),
            Map.of("group", Integer.toString(subset.group)))
        .inWholeClusters();
  }

  /** What the scores of rows amount to. */
  @FunctionalInterface
  private interface Estimator {
    Map<String, Estimate> of(List<SampleResult> results);
  }

  private static LoadedBenchmark benchmark(
      String subset,
      Dataset<Sample> samples,
      List<Metric> metrics,
      Estimator estimator,
      Map<String, String> options) {
    return new LoadedBenchmark(
            "ethics-" + subset,
            "1",
            samples,
            new LoadedBenchmark.Method(
                metrics, ChoiceLikelihood.afterSpace(), Ethics::score, estimator::of),
            List.of(samples.report()),
            options)
        .withDimension("ethics");
  }

  private static Map<String, Score> score(
      Sample sample, Answer answer, CancellationToken cancellation) {
    Score verdict = ChoiceAccuracy.verdict(sample, ChoiceRules.sums(answer));
    String length = sample.metadata().get(LENGTH);
    return length == null
        ? Map.of(ACCURACY, verdict)
        : Map.of(ACCURACY, verdict, ACCURACY + "/" + length, verdict);
  }

  private static Map<String, Estimate> commonsense(List<SampleResult> results) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put(ACCURACY, MetricScores.of(results, ACCURACY).proportion());
    for (String length : LENGTHS) {
      String name = ACCURACY + "/" + length;
      estimates.put(
          name,
          MetricScores.of(results, name, result -> length.equals(result.metadata().get(LENGTH)))
              .proportion());
    }
    return estimates;
  }

  private static Metric metric(String name, double chance) {
    return Metric.of(name, "fraction", Direction.HIGHER).withChance(chance).withCitation(PAPER);
  }
}
