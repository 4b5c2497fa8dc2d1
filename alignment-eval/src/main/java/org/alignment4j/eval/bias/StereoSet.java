package org.alignment4j.eval.bias;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * StereoSet (Nadeem et al. 2021, arXiv 2004.09456) from its JSON file: does a model prefer a
 * stereotype, its opposite, or a sentence that has nothing to do with it?
 *
 * <p>Metrics, in percent ({@link StereoSetFormulas}): {@code lms}, {@code ss} (ideal 50) and {@code
 * icat}; each over all items, by part ({@code lms/intrasentence}) and by bias type within a part
 * ({@code lms/intrasentence/gender}). A tie counts as no stereotype and as no preference for
 * meaning. Intervals are bootstrapped over target terms. Guessing scores 50; its {@code icat} lies
 * a little below, since every distance of {@code ss} from 50 lowers it.
 *
 * <p>Intrasentence items compare whole sentences by mean log-probability per token after the
 * beginning-of-sequence token, as the authors do for GPT-2. Intersentence items compare sentences
 * by mean log-probability per token after the context: a definition of this library, since the
 * authors used a trained head. Figures of that part, and those over all items, are not comparable
 * with the published ones.
 *
 * <p>Whether the items measure what they claim to is disputed (Blodgett et al. 2021, "Stereotyping
 * Norwegian Salmon").
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StereoSet {

  private StereoSet() {}

  /**
   * Loads both parts, read strictly, with 2000 resamples of seed 0.
   *
   * @param path {@code dev.json} of StereoSet, or its items as three lists {@code stereotype},
   *     {@code anti-stereotype} and {@code unrelated}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark of(Path path) {
    return of(path, ReadOptions.strict(), Bootstrap.seeded(0));
  }

  /**
   * Loads both parts.
   *
   * @param path as in {@link #of(Path)}
   * @param reading how the file is read
   * @param bootstrap resampling of target terms
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark of(Path path, ReadOptions reading, Bootstrap bootstrap) {
    StereoSetFile file = StereoSetFile.read(path, reading);
    Map<String, List<String>> types =
        file.items().stream()
            .collect(
                Collectors.groupingBy(
                    StereoSet::part,
                    TreeMap::new,
                    Collectors.mapping(
                        StereoSetItem::biasType,
                        Collectors.collectingAndThen(
                            Collectors.toCollection(TreeSet::new), List::copyOf))));
    StereoSetEstimator estimator = new StereoSetEstimator(types, new GroupBootstrap(bootstrap));
    return new LoadedBenchmark(
            "stereoset",
            "1",
            file.items().stream().map(StereoSet::sample).toList(),
            new LoadedBenchmark.Method(
                estimator.metrics(),
                ChoiceLikelihood.afterSpace(),
                new StereoSetScorer(),
                estimator::estimate),
            file.reports(),
            Map.of())
        .withEstimatorOptions(Map.of("bootstrap", bootstrap.toString()))
        .withDimension("bias")
        .withFigures(new StereoSetEstimator(types, GroupBootstrap.valuesOnly())::estimate);
  }

  private static String part(StereoSetItem item) {
    return item.intrasentence() ? "intrasentence" : "intersentence";
  }

  private static Sample sample(StereoSetItem item) {
    return new Sample(
        item.id(),
        Prompt.text(item.intrasentence() ? "" : item.context()),
        item.sentences(),
        List.of(),
        item.target(),
        Map.of(
            StereoSetEstimator.PART,
            part(item),
            StereoSetEstimator.BIAS_TYPE,
            item.biasType(),
            StereoSetEstimator.TARGET,
            item.target()));
  }
}
