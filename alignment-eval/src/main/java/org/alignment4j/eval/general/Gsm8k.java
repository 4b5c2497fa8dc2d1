package org.alignment4j.eval.general;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.data.JsonDocument;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.declared.Grouped;
import org.alignment4j.eval.declared.Numbers;
import org.alignment4j.eval.declared.TaskTemplate;
import org.alignment4j.eval.declared.TemplateItem;
import org.alignment4j.eval.declared.TemplatedSamples;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * GSM8K (Cobbe et al. 2021, arXiv 2110.14168): arithmetic word problems, answered after worked
 * examples (chain of thought, Wei et al. 2022, arXiv 2201.11903). The examples are this library's
 * own.
 *
 * <p>Metrics: {@code strict}, whether the first number after {@code ####} is right, as in the
 * authors' script; {@code flexible}, whether the last number of the answer is; {@code answered},
 * how many answers have the form with {@code ####}. An answer without a number is a wrong answer,
 * as in the authors' script, and not one without verdict. Numbers are compared as numbers: {@code
 * 1,000.0} is {@code 1000}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Gsm8k {

  static final String STRICT = "strict";
  static final String FLEXIBLE = "flexible";
  static final String ANSWERED = "answered";

  private static final String PAPER = "Cobbe et al. 2021, arXiv 2110.14168";
  private static final String MARK = "#### ";
  private static final Pattern FINAL = Pattern.compile("#### *(-?\\$?[0-9.,]*[0-9])");

  private Gsm8k() {}

  /**
   * Loads GSM8K with the usual options.
   *
   * @param file {@code test.jsonl}, with {@code question} and {@code answer}
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark of(Path file) {
    return of(file, Gsm8kOptions.defaults());
  }

  /**
   * Loads GSM8K.
   *
   * @param file {@code test.jsonl}, with {@code question} and {@code answer}
   * @param options how it is run
   * @return the benchmark
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static LoadedBenchmark of(Path file, Gsm8kOptions options) {
    TaskTemplate template = BundledTemplates.template("gsm8k.json");
    List<TemplateItem> examples = examples(template).subList(0, options.shots());
    TemplatedSamples read =
        TemplatedSamples.read(
            template,
            List.of(new TemplatedSamples.Source(file, Gsm8k::number, options.reading())),
            examples);
    Map<String, String> all = new HashMap<>(read.options());
    all.put("sampling", options.sampling().toString());
    Grouped figures = new Grouped(metrics(), List.of(), true);
    return new LoadedBenchmark(
        "gsm8k",
        "1",
        read.samples(),
        new LoadedBenchmark.Method(
            figures.all(), Generation.once(options.sampling()), Gsm8k::score, figures::estimate),
        read.reports(),
        all);
  }

  private static List<TemplateItem> examples(TaskTemplate template) {
    String name = "gsm8k-examples.json";
    return JsonDocument.parse(name, BundledTemplates.text(name)).root().objects("examples").stream()
        .map(row -> template.item(row, number(row)))
        .toList();
  }

  /** The right answer stands after the mark at the end of the worked answer. */
  private static Map<String, List<String>> number(Row row) {
    String answer = row.text("answer");
    int at = answer.lastIndexOf(MARK);
    Optional<BigDecimal> number =
        at < 0 ? Optional.empty() : Numbers.of(answer.substring(at + MARK.length()));
    if (number.isEmpty()) {
      throw row.fault(
          "answer",
          "the answer must end with '#### ' and a number but ends with '"
              + answer.substring(Math.max(0, answer.length() - 20))
              + "'");
    }
    return Map.of("number", List.of(number.get().toPlainString()));
  }

  private static List<Metric> metrics() {
    Metric strict =
        Metric.of(STRICT, "fraction", Direction.HIGHER).withChance(0).withCitation(PAPER);
    Metric flexible =
        Metric.of(FLEXIBLE, "fraction", Direction.HIGHER)
            .withChance(0)
            .withCitation("lm-evaluation-harness, gsm8k, flexible-extract");
    return List.of(strict, flexible, Metric.of(ANSWERED, "fraction", Direction.HIGHER));
  }

  private static Map<String, Score> score(
      Sample sample, Answer answer, CancellationToken cancellation) {
    String text = answer.completions().get(0).text();
    BigDecimal right = Numbers.of(sample.targets().get(0)).orElseThrow();
    Optional<BigDecimal> marked = marked(text);
    return Map.of(
        STRICT, verdict(marked, right),
        FLEXIBLE, verdict(Numbers.last(text), right),
        ANSWERED, new Score.Scored(marked.isPresent() ? 1 : 0));
  }

  /** The number after the first mark. */
  static Optional<BigDecimal> marked(String text) {
    Matcher matcher = FINAL.matcher(text);
    return matcher.find() ? Numbers.of(matcher.group(1)) : Optional.empty();
  }

  private static Score verdict(Optional<BigDecimal> number, BigDecimal right) {
    boolean equal = number.isPresent() && number.get().compareTo(right) == 0;
    return new Score.Scored(equal ? 1 : 0);
  }
}
