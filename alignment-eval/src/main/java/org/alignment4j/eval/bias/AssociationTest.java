package org.alignment4j.eval.bias;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.data.Fault;
import org.alignment4j.core.data.JsonDocument;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.TestResult;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * A sentence encoder association test (SEAT, May et al. 2019, arXiv 1903.10561; of words WEAT,
 * Caliskan et al. 2017, arXiv 1608.07187) on a model's own vectors: do two groups of targets differ
 * in how near they are to two groups of attributes? The file is the authors': {@code targ1}, {@code
 * targ2}, {@code attr1}, {@code attr2}, each with {@code category} and {@code examples}.
 *
 * <p>Metric: {@code effect_size} ({@link AssociationFormulas#effectSize}), ideal 0, with a
 * bootstrap interval over targets; positive when the first targets are nearer to the first
 * attributes. It is undefined ({@code n = 0}) when all targets are alike. {@link #test} gives the
 * permutation test. Small sets and the choice of layer and pooling move these figures widely.
 * Immutable and thread-safe, as the encoder is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AssociationTest implements Benchmark {

  static final String EFFECT = "effect_size";
  private static final String BOOTSTRAP = "bootstrap";
  private static final String TARGETS = "targets";
  private static final String FIRST = "first";
  private static final String SECOND = "second";
  private static final List<String> SETS = List.of("targ1", "targ2", "attr1", "attr2");

  private final String name;
  private final List<Sample> samples;
  private final AssociationSolver solver;
  private final Bootstrap bootstrap;
  private final Provenance provenance;

  private AssociationTest(
      String file, JsonDocument document, SentenceEncoder encoder, Bootstrap bootstrap) {
    Row root = document.root();
    List<List<String>> sets = SETS.stream().map(set -> examples(root, set)).toList();
    String base = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    this.name = "seat/" + (base.contains(".") ? base.substring(0, base.lastIndexOf('.')) : base);
    List<Sample> all = new ArrayList<>(targets("targ1", FIRST, sets.get(0)));
    all.addAll(targets("targ2", SECOND, sets.get(1)));
    this.samples = List.copyOf(all);
    this.solver = new AssociationSolver(encoder, sets.get(2), sets.get(3));
    this.bootstrap = bootstrap;
    this.provenance =
        new Provenance(
            "dataset",
            name,
            Map.of(base, document.hash()),
            Map.of(),
            Map.of("encoder", encoder.name(), BOOTSTRAP, bootstrap.toString()),
            Map.of(name, version()),
            "",
            List.of());
  }

  /**
   * Loads a test: 2000 resamples of seed 0.
   *
   * @param file the file, one JSON object
   * @param encoder makes the vectors
   * @return the benchmark, named by the file
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static AssociationTest of(Path file, SentenceEncoder encoder) {
    return of(file, encoder, Bootstrap.seeded(0));
  }

  /**
   * Loads a test.
   *
   * @param file the file, one JSON object
   * @param encoder makes the vectors
   * @param bootstrap resampling of the targets
   * @return the benchmark, named by the file
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static AssociationTest of(Path file, SentenceEncoder encoder, Bootstrap bootstrap) {
    return new AssociationTest(file.toString(), JsonDocument.read(file), encoder, bootstrap);
  }

  private static List<String> examples(Row root, String set) {
    Row group = root.object(set);
    List<String> examples = group.strings("examples");
    if (examples.size() < 2) {
      throw group.fault(
          "examples", "a set must have at least two examples but has " + examples.size());
    }
    if (examples.stream().anyMatch(String::isBlank)) {
      throw group.fault("examples", Fault.EMPTY_TEXT, "an example must not be empty");
    }
    return examples;
  }

  private static List<Sample> targets(String set, String side, List<String> examples) {
    List<Sample> samples = new ArrayList<>();
    for (String text : examples) {
      String id = set + " " + (samples.size() + 1);
      samples.add(
          new Sample(id, Prompt.text(text), List.of(), List.of(), id, Map.of(TARGETS, side)));
    }
    return samples;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public String dimension() {
    return "bias";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.of(EFFECT, "standard deviations", Direction.ideal(0))
            .withChance(0)
            .withCitation("Caliskan et al. 2017, arXiv 1608.07187"));
  }

  @Override
  public Stream<Sample> samples() {
    return samples.stream();
  }

  @Override
  public Solver solver() {
    return solver;
  }

  @Override
  public Scorer scorer() {
    return AssociationTest::score;
  }

  /** The score of a target is its association; what the metric says is made of all of them. */
  private static Map<String, Score> score(
      Sample sample, Answer answer, CancellationToken cancellation) {
    double association = Double.parseDouble(answer.completions().get(0).text());
    return Map.of(
        EFFECT,
        Double.isFinite(association)
            ? new Score.Scored(association)
            : new Score.Unscored("a vector is zero and has no direction"));
  }

  @Override
  public Set<String> estimatorOptions() {
    return Set.of(BOOTSTRAP);
  }

  @Override
  public Map<String, Estimate> estimate(List<SampleResult> results) {
    MetricScores scores = MetricScores.of(results, EFFECT);
    double[] values = scores.values();
    List<SampleResult> scored = scores.scored();
    int[] all = IntStream.range(0, values.length).toArray();
    Estimate estimate =
        Double.isNaN(effect(values, scored, all))
            ? bootstrap.of(0, items -> Double.NaN).estimate()
            : bootstrap.of(values.length, items -> effect(values, scored, items)).estimate();
    return Map.of(EFFECT, scores.withMissing(estimate));
  }

  @Override
  public Map<String, Double> figures(List<SampleResult> results) {
    MetricScores scores = MetricScores.of(results, EFFECT);
    double[] values = scores.values();
    int[] all = IntStream.range(0, values.length).toArray();
    return Map.of(EFFECT, effect(values, scores.scored(), all));
  }

  private static double effect(double[] values, List<SampleResult> results, int[] items) {
    return AssociationFormulas.effectSize(
        side(values, results, items, FIRST), side(values, results, items, SECOND));
  }

  private static double[] side(
      double[] values, List<SampleResult> results, int[] items, String side) {
    return Arrays.stream(items)
        .filter(i -> side.equals(results.get(i).metadata().get(TARGETS)))
        .mapToDouble(i -> values[i])
        .toArray();
  }

  /**
   * Returns the one-sided permutation test of the association, which is that the first targets are
   * nearer to the first attributes.
   *
   * @param results the results of one model on this test
   * @param most most divisions of the targets to look at, such as 100,000
   * @param seed seed of the draws, where there are more divisions
   * @return difference of mean associations and p-value
   * @throws IllegalArgumentException when a set of targets has no score
   */
  public TestResult test(List<SampleResult> results, int most, long seed) {
    MetricScores scores = MetricScores.of(results, EFFECT);
    double[] values = scores.values();
    int[] all = IntStream.range(0, values.length).toArray();
    return AssociationFormulas.permutationTest(
        side(values, scores.scored(), all, FIRST),
        side(values, scores.scored(), all, SECOND),
        most,
        seed);
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public String toString() {
    return name + " (" + samples.size() + " targets)";
  }
}
