package org.alignment4j.eval.factuality.selfcheck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.Prompts;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.eval.factuality.SentenceSplitter;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * SelfCheckGPT (Manakul et al. 2023, arXiv 2303.08896): the model answers each prompt once and then
 * several times more at temperature 1; what the further answers do not bear out is likely made up.
 *
 * <p>For each check there is its score of a passage, the mean over sentences, lower for an answer
 * that is borne out ({@code unigram_max} in nats, {@code nli} and {@code prompt} from 0 to 1), and
 * {@code unclear_replies/…}, the share of replies without a verdict; {@code checking_tokens} is
 * what the checks cost an answer. There is no chance level. Consistency is not truth: a model that
 * always says the same false thing scores well, and how far scores tell false sentences is what
 * {@link SelfCheckDetection} measures.
 *
 * <p>Checks are made while answers are scored: what their models cost is counted apart from the
 * model, and a check that fails leaves passage, samples and the other checks as they are. Immutable
 * and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SelfCheckGpt {

  private static final int TIMES = 20;
  private static final int MAX_NEW_TOKENS = 256;
  private static final String NATS = "nats";
  private static final String PAPER = "Manakul et al. 2023, arXiv 2303.08896, section 5";

  private final List<SentenceCheck> checks;
  private final SamplingOptions passage;
  private final SamplingOptions samples;
  private final int times;
  private final SentenceSplitter splitter;

  private SelfCheckGpt(
      List<SentenceCheck> checks,
      SamplingOptions passage,
      SamplingOptions samples,
      int times,
      SentenceSplitter splitter) {
    this.checks = List.copyOf(checks);
    this.passage = Objects.requireNonNull(passage, "passage");
    this.samples = Objects.requireNonNull(samples, "samples");
    this.times = times;
    this.splitter = Objects.requireNonNull(splitter, "splitter");
    List<String> names = names();
    if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "checks must be at least one with names that differ but were " + names);
    }
    if (times < 1) {
      throw new IllegalArgumentException("times must be at least 1 but was " + times);
    }
  }

  /**
   * Returns the usual form: a greedy passage of at most 256 tokens, 20 samples at temperature 1,
   * English sentences.
   *
   * @param seed of the samples
   * @param checks at least one, names that differ
   * @throws IllegalArgumentException when there is no check or two have one name
   */
  public static SelfCheckGpt of(long seed, List<SentenceCheck> checks) {
    return new SelfCheckGpt(
        checks,
        SamplingOptions.greedy(MAX_NEW_TOKENS),
        SamplingOptions.sampling(MAX_NEW_TOKENS, seed),
        TIMES,
        SentenceSplitter.english());
  }

  /**
   * Returns this form with another way to sample.
   *
   * @param first how the passage is sampled
   * @param others how the samples are
   * @param number how many samples, at least 1
   * @throws IllegalArgumentException when there would be no sample
   */
  public SelfCheckGpt withSampling(SamplingOptions first, SamplingOptions others, int number) {
    return new SelfCheckGpt(checks, first, others, number, splitter);
  }

  /** Returns this form with another way to cut passages. */
  public SelfCheckGpt withSplitter(SentenceSplitter other) {
    return new SelfCheckGpt(checks, passage, samples, times, other);
  }

  /**
   * Loads prompts of a file, such as JSON lines with {@code prompt}; see {@link Prompts}.
   *
   * @param path the file
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public LoadedBenchmark prompts(Path path, ReadOptions reading) {
    Dataset<Prompt> prompts = Prompts.read(path, reading);
    return benchmark(samplesOf(prompts), List.of(prompts.report()));
  }

  /**
   * Takes prompts.
   *
   * @param prompts at least one
   * @return the benchmark
   * @throws IllegalArgumentException when there is none
   */
  public LoadedBenchmark prompts(List<? extends Prompt> prompts) {
    return benchmark(samplesOf(prompts), List.of());
  }

  private static List<Sample> samplesOf(List<? extends Prompt> prompts) {
    List<Sample> all = new ArrayList<>();
    for (Prompt prompt : prompts) {
      all.add(Sample.open("prompt " + (all.size() + 1), prompt, List.of()));
    }
    return all;
  }

  private List<String> names() {
    return checks.stream().map(SentenceCheck::name).toList();
  }

  private LoadedBenchmark benchmark(List<Sample> asked, List<ReadReport> reports) {
    List<Metric> metrics = metrics();
    return new LoadedBenchmark(
            "selfcheckgpt",
            "1",
            asked,
            new LoadedBenchmark.Method(
                metrics,
                new SelfCheckSolver(passage, samples, times),
                new SelfCheckScorer(checks, splitter),
                results -> estimate(metrics, results)),
            reports,
            Map.of(
                "checks", checks.stream().map(SentenceCheck::id).collect(Collectors.joining("; ")),
                "passage", passage.toString(),
                "samples", times + " of " + samples))
        .withDimension("factuality");
  }

  private List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    for (SentenceCheck check : checks) {
      String unit = check instanceof NgramCheck ? NATS : "";
      metrics.add(Metric.of(check.name(), unit, Direction.LOWER).withCitation(PAPER));
    }
    for (String name : names()) {
      metrics.add(Metric.of(SelfCheckScorer.UNCLEAR + name, "fraction", Direction.LOWER));
    }
    metrics.add(Metric.of(SelfCheckScorer.CHECKING_TOKENS, "tokens", Direction.NEUTRAL));
    return List.copyOf(metrics);
  }

  private Map<String, Estimate> estimate(List<Metric> metrics, List<SampleResult> results) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      MetricScores scores = MetricScores.of(results, metric.name());
      estimates.put(metric.name(), mean(metric, scores));
    }
    return estimates;
  }

  private Estimate mean(Metric metric, MetricScores scores) {
    if (isShare(metric.name())) {
      return scores.mean(0, 1);
    }
    // Negative logarithms of probabilities.
    return metric.unit().equals(NATS)
        ? scores.mean(0, Double.POSITIVE_INFINITY)
        : scores.mean(metric);
  }

  private boolean isShare(String name) {
    return name.startsWith(SelfCheckScorer.UNCLEAR)
        || checks.stream()
            .filter(check -> check instanceof EntailmentCheck || check instanceof PromptCheck)
            .anyMatch(check -> check.name().equals(name));
  }
}
