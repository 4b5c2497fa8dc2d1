package org.alignment4j.eval.general;

import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Scorer;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.statistics.Binning;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.PageSections;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A benchmark of choices by likelihood together with the calibration of its choices. The confidence
 * of a choice is its share of the probability of all choices (softmax over summed
 * log-probabilities); a tie is wrong, as for {@code acc}.
 *
 * <p>After the benchmark's own metrics:
 *
 * <ul>
 *   <li>{@code ece_width}, {@code ece_mass}: expected calibration error over bins of equal width
 *       (Guo et al. 2017) and of equal mass (Nguyen and O'Connor 2015); below {@value
 *       #FEWEST_ITEMS} answers they say little, as a warning and {@link #sections} tell.
 *   <li>{@code overconfidence}: mean confidence less accuracy, ideal 0.
 *   <li>{@code brier}: binary, of the choice made, from 0 to 1; {@code brier_multiclass}: over all
 *       choices, from 0 to 2 (Brier 1950). Chance is that of equal probabilities.
 *   <li>{@code selective_accuracy_10}: accuracy of the most confident tenth; {@code
 *       selective_area}: area under accuracy by coverage.
 *   <li>{@code auroc}: whether right choices are surer than wrong ones; undefined where all are
 *       right or all wrong.
 * </ul>
 *
 * <p>Intervals but those of the means are bootstrapped over the benchmark's clusters. Immutable and
 * thread-safe, as the benchmark is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Calibration implements Benchmark, PageSections {

  /** Fewer answers than these are too few for a calibration error. */
  public static final int FEWEST_ITEMS = 300;

  /** The usual number of bins. */
  public static final int BINS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Calibration.class);
  private static final double TENTH = 0.1;
  private static final String BINS_OPTION = "calibrationBins";
  private static final String BOOTSTRAP_OPTION = "calibrationBootstrap";
  private static final String VERSION_MARK = "+calibration";

  private final Benchmark benchmark;
  private final int bins;
  private final Bootstrap bootstrap;
  private final List<Metric> metrics;

  private Calibration(Benchmark benchmark, int bins, Bootstrap bootstrap) {
    this.benchmark = Objects.requireNonNull(benchmark, "benchmark");
    this.bins = bins;
    this.bootstrap = Objects.requireNonNull(bootstrap, "bootstrap");
    if (bins < 1) {
      throw new IllegalArgumentException("bins must be at least 1 but were " + bins);
    }
    if (!benchmark.solver().requires().contains(LikelihoodModel.class)) {
      throw new IllegalArgumentException(
          "benchmark must be solved by likelihood, which confidence is made of, but '"
              + benchmark.name()
              + "' is not; give one of choices");
    }
    this.metrics = metrics(benchmark);
  }

  /**
   * Adds calibration to a benchmark: ten bins, 2000 resamples of seed 0.
   *
   * @param benchmark samples with choices, solved by likelihood
   * @return the benchmark with more metrics
   * @throws IllegalArgumentException when it is not solved by likelihood, or a sample has no choice
   *     or no right one
   */
  public static Calibration of(Benchmark benchmark) {
    return of(benchmark, BINS, Bootstrap.seeded(0));
  }

  /**
   * Adds calibration to a benchmark.
   *
   * @param benchmark samples with choices, solved by likelihood
   * @param bins how many bins calibration errors have
   * @param bootstrap resampling of the figures that are no means
   * @return the benchmark with more metrics
   * @throws IllegalArgumentException when there is no bin, the benchmark is not solved by
   *     likelihood, or a sample has no choice or no right one
   */
  public static Calibration of(Benchmark benchmark, int bins, Bootstrap bootstrap) {
    return new Calibration(benchmark, bins, bootstrap);
  }

  private static List<Metric> metrics(Benchmark benchmark) {
    double chance = 0;
    double binary = 0;
    double multiclass = 0;
    long n = 0;
    try (Stream<Sample> samples = benchmark.samples()) {
      for (Sample sample : (Iterable<Sample>) samples::iterator) {
        double k = sample.choices().size();
        if (sample.choices().stream().noneMatch(sample.targets()::contains)) {
          throw new IllegalArgumentException(
              "a sample must have a right choice to be calibrated but '"
                  + sample.id()
                  + "' has none; leave '"
                  + benchmark.name()
                  + "' as it is");
        }
        chance += 1 / k;
        binary += 1 / k * (1 - 1 / k);
        multiclass += 1 - 1 / k;
        n++;
      }
    }
    List<Metric> metrics = new ArrayList<>(benchmark.metrics());
    metrics.add(
        Metric.of("ece_width", "fraction", Direction.LOWER)
            .withCitation("Guo et al. 2017, arXiv 1706.04599, equation 3"));
    metrics.add(
        Metric.of("ece_mass", "fraction", Direction.LOWER)
            .withCitation("Nguyen and O'Connor 2015, arXiv 1508.05154"));
    metrics.add(Metric.of("overconfidence", "fraction", Direction.ideal(0)));
    metrics.add(brier(CalibrationScorer.BRIER, binary / n));
    metrics.add(brier(CalibrationScorer.BRIER_MULTICLASS, multiclass / n));
    metrics.add(selective("selective_accuracy_10").withChance(chance / n));
    metrics.add(selective("selective_area").withChance(chance / n));
    metrics.add(
        Metric.of("auroc", "fraction", Direction.HIGHER)
            .withChance(0.5)
            .withCitation("Bamber 1975, Journal of Mathematical Psychology 12:387"));
    return List.copyOf(metrics);
  }

  private static Metric brier(String name, double chance) {
    return Metric.of(name, "", Direction.LOWER)
        .withChance(chance)
        .withCitation("Brier 1950, Monthly Weather Review 78:1");
  }

  private static Metric selective(String name) {
    return Metric.of(name, "fraction", Direction.HIGHER)
        .withCitation("El-Yaniv and Wiener 2010, JMLR 11:1605");
  }

  @Override
  public Map<String, Estimate> estimate(List<SampleResult> results) {
    Confidences answers = Confidences.of(results);
    if (answers.size() < FEWEST_ITEMS) {
      LOG.warn(
          "calibration on '{}' rests on {} answers; below {} a calibration error says little",
          name(),
          answers.size(),
          FEWEST_ITEMS);
    }
    Map<String, Estimate> estimates = new LinkedHashMap<>(benchmark.estimate(results));
    estimates.putAll(calibration(results, answers, bootstrap));
    return estimates;
  }

  @Override
  public Map<String, Double> figures(List<SampleResult> results) {
    Map<String, Double> figures = new LinkedHashMap<>(benchmark.figures(results));
    calibration(results, Confidences.of(results), new Bootstrap(2, 0, bootstrap.confidence()))
        .forEach((name, estimate) -> figures.put(name, estimate.value()));
    return figures;
  }

  private Map<String, Estimate> calibration(
      List<SampleResult> results, Confidences answers, Bootstrap drawn) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put("ece_width", answers.expectedError(Binning.equalWidth(bins), drawn));
    estimates.put("ece_mass", answers.expectedError(Binning.equalMass(bins), drawn));
    estimates.put("overconfidence", answers.overconfidence());
    brier(estimates, results, CalibrationScorer.BRIER, 1);
    brier(estimates, results, CalibrationScorer.BRIER_MULTICLASS, 2);
    estimates.put("selective_accuracy_10", answers.selective(drawn, curve -> curve.at(TENTH)));
    estimates.put("selective_area", answers.selective(drawn, curve -> curve.area()));
    estimates.put("auroc", answers.area(drawn));
    return estimates;
  }

  private static void brier(
      Map<String, Estimate> estimates, List<SampleResult> results, String name, double greatest) {
    estimates.put(name, MetricScores.of(results, name).mean(0, greatest));
  }

  /**
   * Returns the reliability of one model's choices for a report: a chart and a table of confidence
   * and accuracy by bin with Wilson's intervals, and a warning where there are fewer than {@value
   * #FEWEST_ITEMS} answers.
   *
   * @param model what to call the model
   * @param results its results on this benchmark
   * @return the sections
   * @throws IllegalArgumentException when the results were scored without calibration
   */
  @Override
  public List<Section> sections(String model, List<SampleResult> results) {
    return ReliabilitySections.of(
        benchmark.name(), model, Confidences.of(results), Binning.equalWidth(bins));
  }

  @Override
  public String name() {
    return benchmark.name();
  }

  @Override
  public String version() {
    return benchmark.version() + VERSION_MARK;
  }

  @Override
  public String dimension() {
    return benchmark.dimension();
  }

  @Override
  public boolean wholeClusters() {
    return benchmark.wholeClusters();
  }

  @Override
  public List<Metric> metrics() {
    return metrics;
  }

  @Override
  public Stream<Sample> samples() {
    return benchmark.samples();
  }

  @Override
  public Solver solver() {
    return benchmark.solver();
  }

  @Override
  public Scorer scorer() {
    return new CalibrationScorer(benchmark.scorer());
  }

  @Override
  public Set<String> estimatorOptions() {
    return Sets.union(benchmark.estimatorOptions(), Set.of(BINS_OPTION, BOOTSTRAP_OPTION))
        .immutableCopy();
  }

  @Override
  public Provenance provenance() {
    Provenance own = benchmark.provenance();
    Map<String, String> options = new LinkedHashMap<>(own.options());
    options.put(BINS_OPTION, Integer.toString(bins));
    options.put(BOOTSTRAP_OPTION, bootstrap.toString());
    return new Provenance(
        own.kind(),
        own.name(),
        own.hashes(),
        own.seeds(),
        options,
        own.versions(),
        own.device(),
        own.parents());
  }

  @Override
  public String toString() {
    return benchmark + " with calibration";
  }
}
