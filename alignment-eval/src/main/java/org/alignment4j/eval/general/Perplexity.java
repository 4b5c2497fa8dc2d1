package org.alignment4j.eval.general;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableMap;
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
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * How well a model predicts texts. A file is plain text (documents separated by {@code
 * <|endoftext|>}, or one), or rows with a field {@code text}; documents that are longer than a
 * window are scored piece by piece, each after the words before it, the first after the
 * beginning-of-sequence token.
 *
 * <p>Metrics, all from the summed log-probability and lower is better: {@code bits_per_byte} (of
 * UTF-8) and {@code word_perplexity} (words between blanks), which models of different tokenizers
 * can be compared by, {@code byte_perplexity}, and {@code token_perplexity}, which they cannot.
 * Intervals resample whole documents; there is none for a single document. Scores of single samples
 * are those of the piece.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Perplexity {

  static final String BITS_PER_BYTE = "bits_per_byte";
  static final String WORD = "word_perplexity";
  static final String BYTE = "byte_perplexity";
  static final String TOKEN = "token_perplexity";

  private static final String NATS = "nats";

  /** What the log-probability is divided by, by metric, in the order of the metrics. */
  private static final String TEXT = "text";

  private static final double LN_2 = Math.log(2);

  private Perplexity() {}

  /** What each metric is counted per, in the order of the metrics. */
  private static ImmutableMap<String, String> units() {
    return ImmutableMap.of(BITS_PER_BYTE, "bytes", WORD, "words", BYTE, "bytes", TOKEN, "tokens");
  }

  /**
   * Loads a file with the usual options.
   *
   * @param file the file
   * @return the benchmark
   * @throws DataFormatException when the file is missing, has no text or breaks its format
   */
  public static LoadedBenchmark of(Path file) {
    return of(file, PerplexityOptions.defaults());
  }

  /**
   * Loads a file.
   *
   * @param file the file
   * @param options how it is measured
   * @return the benchmark
   * @throws DataFormatException when the file is missing, has no text or breaks its format
   */
  public static LoadedBenchmark of(Path file, PerplexityOptions options) {
    Dataset<List<Sample>> documents =
        Dataset.read(file, options.reading(), row -> samples(row, options));
    List<Sample> samples = new ArrayList<>();
    documents.forEach(samples::addAll);
    PerplexityOptions quick = options.withBootstrap(new Bootstrap(2, 0, 0.95));
    LoadedBenchmark benchmark =
        new LoadedBenchmark(
            "perplexity",
            "1",
            samples,
            new LoadedBenchmark.Method(
                metrics(),
                new ChoiceLikelihood(""),
                Perplexity::score,
                results -> estimate(results, options)),
            List.of(documents.report()),
            Map.of(
                "windowWords", Integer.toString(options.windowWords()),
                "contextWords", Integer.toString(options.contextWords())));
    return benchmark
        .withEstimatorOptions(Map.of("bootstrap", options.bootstrap().toString()))
        .withFigures(results -> estimate(results, quick));
  }

  private static List<Sample> samples(Row row, PerplexityOptions options) {
    String document = "line " + row.line();
    List<Sample> samples = new ArrayList<>();
    for (TextWindows.Window window :
        TextWindows.of(row.text(TEXT), options.windowWords(), options.contextWords())) {
      samples.add(
          new Sample(
              document + " piece " + (samples.size() + 1),
              Prompt.text(window.context()),
              List.of(window.text()),
              List.of(),
              document,
              Map.of()));
    }
    return samples;
  }

  private static List<Metric> metrics() {
    return List.of(
        Metric.of(BITS_PER_BYTE, "bits", Direction.LOWER),
        Metric.of(WORD, "", Direction.LOWER),
        Metric.of(BYTE, "", Direction.LOWER),
        Metric.of(TOKEN, "", Direction.LOWER));
  }

  private static Map<String, Score> score(
      Sample sample, Answer answer, CancellationToken cancellation) {
    ContinuationScore piece = answer.choiceScores().get(0);
    String text = sample.choices().get(0);
    double nats = -piece.sum();
    if (!Double.isFinite(nats)) {
      Score none = new Score.Unscored("a token of the text has probability 0");
      return Map.of(BITS_PER_BYTE, none, WORD, none, BYTE, none, TOKEN, none);
    }
    double bytes = text.getBytes(UTF_8).length;
    double words = TextWindows.words(text);
    double tokens = piece.tokens().size();
    return Map.of(
        NATS,
        new Score.Scored(nats),
        "bytes",
        new Score.Scored(bytes),
        "words",
        new Score.Scored(words),
        "tokens",
        new Score.Scored(tokens),
        BITS_PER_BYTE,
        new Score.Scored(nats / bytes / LN_2),
        WORD,
        perplexity(nats, words),
        BYTE,
        perplexity(nats, bytes),
        TOKEN,
        perplexity(nats, tokens));
  }

  private static Score perplexity(double nats, double units) {
    double value = Math.exp(nats / units);
    return Double.isFinite(value)
        ? new Score.Scored(value)
        : new Score.Unscored("the perplexity of the piece is beyond double precision");
  }

  private static Map<String, Estimate> estimate(
      List<SampleResult> results, PerplexityOptions options) {
    MetricScores scores = MetricScores.of(results, BITS_PER_BYTE);
    double[] nats = values(scores, NATS);
    int[] clusters = scores.clusters();
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    units()
        .forEach(
            (metric, unit) -> {
              double[] below = values(scores, unit);
              Estimate estimate =
                  options
                      .bootstrap()
                      .of(
                          clusters,
                          items -> {
                            double mean = ratio(nats, below, items);
                            return metric.equals(BITS_PER_BYTE) ? mean / LN_2 : Math.exp(mean);
                          })
                      .estimate();
              estimates.put(metric, scores.withMissing(estimate));
            });
    return estimates;
  }

  private static double[] values(MetricScores scores, String name) {
    return scores.scored().stream()
        .mapToDouble(
            result ->
                result.scores().get(name) instanceof Score.Scored scored
                    ? scored.value()
                    : Double.NaN)
        .toArray();
  }

  private static double ratio(double[] above, double[] below, int[] items) {
    double sum = 0;
    double size = 0;
    for (int item : items) {
      sum += above[item];
      size += below[item];
    }
    return sum / size;
  }
}
