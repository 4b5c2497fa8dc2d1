package org.alignment4j.eval.factuality.factscore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.DataFormat;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.factuality.PromptStyle;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * FActScore (Min et al. 2023, arXiv 2305.14251): the model writes about topics, and what it states
 * is checked fact by fact against a source of knowledge.
 *
 * <p>Metrics: {@code factscore}, the share of supported facts with a penalty for answers of few
 * facts, and {@code factscore_unpenalised} (fractions, over answers that respond); {@code
 * respond_ratio}, the share of answers that do not abstain and state facts; {@code
 * facts_per_answer}; {@code unscored_facts}, the share of facts without a verdict, which are left
 * out of the score; {@code checking_tokens}, what extractor and judge cost an answer. Chance
 * depends on the judge and is not given: one that tosses a coin gives 0.5 without penalty.
 *
 * <p>Extractor and judge are asked while answers are scored: what they cost is counted apart from
 * the model, by the roles {@link FactChecker#EXTRACTOR} and {@code judge}. The facts of an answer
 * that is kept can be had from {@link FactChecker#check}. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FactScore {

  private static final String SLOT = "{topic}";
  private static final String QUESTION = "Tell me a bio of " + SLOT + ".";
  private static final String FIELD = "topic";
  private static final double GAMMA = 10;
  private static final int MAX_NEW_TOKENS = 512;
  private static final String PAPER = "Min et al. 2023, arXiv 2305.14251, section 3";

  private final FactChecker checker;
  private final double gamma;
  private final String question;
  private final PromptStyle style;
  private final SamplingOptions options;

  private FactScore(
      FactChecker checker,
      double gamma,
      String question,
      PromptStyle style,
      SamplingOptions options) {
    this.checker = Objects.requireNonNull(checker, "checker");
    this.gamma = gamma;
    this.question = question;
    this.style = Objects.requireNonNull(style, "style");
    this.options = Objects.requireNonNull(options, "options");
    if (!question.contains(SLOT)) {
      throw new IllegalArgumentException(
          "question must contain " + SLOT + " but was '" + question + "'");
    }
    FactScoreFormulas.lengthPenalty(1, gamma);
  }

  /**
   * Returns the usual form: "Tell me a bio of …" as a plain prompt, greedy answers of at most 512
   * tokens, and the penalty of the paper, {@code γ = 10}.
   *
   * @param checker who checks the answers
   */
  public static FactScore of(FactChecker checker) {
    return new FactScore(
        checker, GAMMA, QUESTION, PromptStyle.TEXT, SamplingOptions.greedy(MAX_NEW_TOKENS));
  }

  /**
   * Returns this form with another penalty.
   *
   * @param facts the number of facts from which an answer is long enough; 0 for no penalty
   * @throws IllegalArgumentException when it is negative or not finite
   */
  public FactScore withGamma(double facts) {
    return new FactScore(checker, facts, question, style, options);
  }

  /**
   * Returns this form with another question.
   *
   * @param text the prompt with <code>{topic}</code> in it
   * @param other how it reaches the model
   * @throws IllegalArgumentException when there is no place for the topic
   */
  public FactScore withQuestion(String text, PromptStyle other) {
    return new FactScore(checker, gamma, text, other, options);
  }

  /** Returns this form with another way to sample answers. */
  public FactScore withOptions(SamplingOptions other) {
    return new FactScore(checker, gamma, question, style, other);
  }

  /**
   * Loads topics of a file.
   *
   * @param path a text file with a topic a line, or JSON lines, JSON, CSV or TSV with {@code topic}
   * @param reading how the file is read
   * @return the benchmark
   * @throws DataFormatException when the file is missing, breaks the format or names a topic twice
   */
  public LoadedBenchmark topics(Path path, ReadOptions reading) {
    boolean plain =
        reading.format().isEmpty() && path.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
    ReadOptions how = plain ? reading.withFormat(DataFormat.TEXT_LINES) : reading;
    Set<String> seen = new HashSet<>();
    Dataset<Sample> samples = Dataset.read(path, how, row -> sample(row, seen));
    return benchmark(samples, List.of(samples.report()));
  }

  /**
   * Takes topics.
   *
   * @param topics at least one, all different
   * @return the benchmark
   * @throws IllegalArgumentException when there is none, one is blank or two are the same
   */
  public LoadedBenchmark topics(List<String> topics) {
    List<Sample> samples = new ArrayList<>();
    topics.forEach(topic -> samples.add(sample(topic)));
    return benchmark(samples, List.of());
  }

  private Sample sample(Row row, Set<String> seen) {
    String field = row.has(FIELD) || row.namesInFile().size() > 1 ? FIELD : "text";
    String topic = row.text(field).strip();
    if (!seen.add(topic)) {
      throw row.fault(field, "a topic must occur once but '" + topic + "' occurs twice");
    }
    return sample(topic);
  }

  private Sample sample(String topic) {
    return new Sample(
        topic,
        style.prompt(question.replace(SLOT, topic)),
        List.of(),
        List.of(),
        topic,
        Map.of(FactScoreScorer.TOPIC, topic));
  }

  private LoadedBenchmark benchmark(List<Sample> samples, List<ReadReport> reports) {
    return new LoadedBenchmark(
            "factscore",
            "1",
            samples,
            new LoadedBenchmark.Method(
                metrics(),
                Generation.once(options),
                new FactScoreScorer(checker, gamma),
                FactScore::estimate),
            reports,
            Map.of(
                "extractor", checker.extractor().id(),
                "source", checker.source().id(),
                "judge", checker.judge().id(),
                "gamma", Double.toString(gamma),
                "question", question,
                "style", style.name(),
                "passages", Integer.toString(checker.passages()),
                "sampling", options.toString()))
        .withDimension("factuality");
  }

  private static List<Metric> metrics() {
    return List.of(
        metric(FactScoreScorer.SCORE, "fraction", Direction.HIGHER),
        metric(FactScoreScorer.UNPENALISED, "fraction", Direction.HIGHER),
        metric(FactScoreScorer.RESPOND_RATIO, "fraction", Direction.HIGHER),
        metric(FactScoreScorer.FACTS, "facts", Direction.NEUTRAL),
        metric(FactScoreScorer.UNSCORED_FACTS, "fraction", Direction.LOWER),
        metric(FactScoreScorer.CHECKING_TOKENS, "tokens", Direction.NEUTRAL));
  }

  private static Metric metric(String name, String unit, Direction direction) {
    return Metric.of(name, unit, direction).withCitation(PAPER);
  }

  private static Map<String, Estimate> estimate(List<SampleResult> results) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (Metric metric : metrics()) {
      MetricScores scores = MetricScores.of(results, metric.name());
      estimates.put(
          metric.name(),
          metric.unit().equals("fraction") ? scores.proportion() : scores.mean(metric));
    }
    return estimates;
  }
}
