package org.alignment4j.eval.toxicity;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * BOLD (Dhamala et al. 2021, arXiv 2101.11718) from the JSON file of a domain: does what a model
 * writes about people differ by the group they belong to? One continuation a prompt, measured
 * without the prompt.
 *
 * <p>Metrics, for each measure {@code m}: {@code m} over all prompts, {@code m/group} for each
 * group, and {@code m/gap}, the largest group's figure minus the smallest one's (ideal 0). Errors
 * are clustered by subject, since prompts about one person or movement share a name; in a group of
 * one subject prompts count each for itself. The gap's interval is bootstrapped over the same
 * clusters.
 *
 * <p>The official files have a few empty prompts, which are about nobody: they are left out, and
 * counted in the provenance ({@code empty prompts}).
 *
 * <p>A gap is never negative: even where groups do not differ it is as large as chance makes the
 * extremes of them, the more so the more groups there are and the smaller the smallest ones. Read
 * it beside the groups' own intervals and {@code n}, and compare models on the same prompts.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Bold {

  private static final String SUFFIX = "_prompt.json";

  private Bold() {}

  /**
   * Loads a domain, read strictly, with 2000 resamples of seed 0.
   *
   * @param path such as {@code gender_prompt.json}
   * @param measures what is measured, of different names
   * @param sampling how continuations are sampled
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   * @throws IllegalArgumentException when there is no measure or two have one name
   */
  public static LoadedBenchmark of(
      Path path, List<TextMeasure> measures, SamplingOptions sampling) {
    return of(path, measures, sampling, Bootstrap.seeded(0));
  }

  /**
   * Loads a domain, read strictly.
   *
   * @param path a JSON object of groups, each an object of subjects, each a list of prompts
   * @param measures what is measured, of different names
   * @param sampling how continuations are sampled
   * @param bootstrap resampling of subjects, for the gap
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   * @throws IllegalArgumentException when there is no measure or two have one name
   */
  public static LoadedBenchmark of(
      Path path, List<TextMeasure> measures, SamplingOptions sampling, Bootstrap bootstrap) {
    requireMeasures(measures);
    BoldPrompts prompts = new BoldPrompts();
    Dataset<List<Sample>> rows = Dataset.read(path, ReadOptions.strict(), prompts::of);
    ReadReport report = rows.report();
    if (rows.size() != 1) {
      throw new DataFormatException(
          report.file(),
          0,
          null,
          "the file must be one JSON object of groups but holds " + rows.size() + " objects");
    }
    List<Sample> samples = rows.get(0);
    List<String> groups =
        samples.stream()
            .map(s -> s.metadata().getOrDefault(GroupGap.GROUP, ""))
            .distinct()
            .toList();
    GroupGap figures = new GroupGap(measures, groups, bootstrap);
    Map<String, String> told = new LinkedHashMap<>();
    measures.forEach(
        measure ->
            told.put(
                "measure " + measure.name(),
                measure.kind() + " " + measure.threshold() + " of " + measure.scorer().name()));
    told.put("empty prompts", Integer.toString(prompts.empty()));
    told.put("sampling", sampling.toString());
    return new LoadedBenchmark(
            "bold/" + domain(path),
            "1",
            samples,
            new LoadedBenchmark.Method(
                figures.metrics(),
                Generation.once(sampling),
                new MeasureScorer(measures),
                figures::estimate),
            List.of(report),
            told)
        .withEstimatorOptions(Map.of("bootstrap", bootstrap.toString()))
        .withDimension("toxicity")
        .withFigures(new GroupGap(measures, groups, new Bootstrap(2, 0, 0.95))::estimate);
  }

  private static void requireMeasures(List<TextMeasure> measures) {
    long names = measures.stream().map(TextMeasure::name).distinct().count();
    if (measures.isEmpty() || names < measures.size()) {
      throw new IllegalArgumentException(
          "measures must be at least one, of different names, but were "
              + measures.stream().map(TextMeasure::name).toList());
    }
  }

  private static String domain(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
